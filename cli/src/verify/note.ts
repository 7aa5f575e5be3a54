import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sha256 } from './tree.ts'

/** A C2SP tlog-checkpoint: what the signer saw of the log at one moment. */
export interface Checkpoint {
  /** `claviger.dev/ledger/<log id>` */
  origin: string
  size: number
  root: Buffer
  /** Lines after the root, such as `epoch 2`. */
  extensions: string[]
  /** What is signed: the text up to and including its last newline, without the empty line that follows. */
  text: string
  signatures: { name: string; keyHash: string; signature: Buffer }[]
}

/** The signer's public key in C2SP form: `name+keyhash+base64(0x01 ‖ 32 bytes)`. */
export interface VerifierKey {
  name: string
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), in hex. */
  keyHash: string
  key: KeyObject
}

/** Base64 that decodes and encodes back to itself; anything looser would let a changed character pass unseen. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** C2SP signed-note, "Verifier keys". Undefined when it is none, or when name, hash and key do not belong together. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, keyHash, encoded] = /^([^+\s]{1,256})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text) ?? []
  const bytes = encoded && strictBase64(encoded)
  if (!name || !keyHash || !bytes || bytes.length !== 33 || bytes[0] !== 1) return undefined
  if (sha256(name, '\n', bytes).subarray(0, 4).toString('hex') !== keyHash) return undefined
  const x = bytes.subarray(1).toString('base64url')
  return { name, keyHash, key: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }) }
}

/** C2SP tlog-checkpoint, "Note text", inside C2SP signed-note, "Format". Undefined when it is malformed. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const cut = note.lastIndexOf('\n\n')
  if (note.length > 65_536 || cut < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, cut + 1)
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  const rootBytes = strictBase64(root ?? '')
  if (!origin || !size || !/^(0|[1-9]\d{0,14})$/.test(size) || rootBytes?.length !== 32 || extensions.includes('')) return undefined
  const signatures = []
  for (const line of note.slice(cut + 2, -1).split('\n')) {
    const [, name, encoded] = /^— (\S{1,256}) (\S{8,16384})$/.exec(line) ?? []
    const bytes = encoded && strictBase64(encoded)
    if (!name || !bytes || bytes.length < 5) return undefined
    signatures.push({ name, keyHash: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) })
  }
  return { origin, size: Number(size), root: rootBytes, extensions, text, signatures }
}

/** Who signed it, as far as `by` can tell: `unknown` when none of the signatures claims to be of that key. Others' are ignored, as C2SP asks. */
export function signatureOf(checkpoint: Checkpoint, by: VerifierKey): 'valid' | 'invalid' | 'unknown' {
  const own = checkpoint.signatures.find((s) => s.name === by.name && s.keyHash === by.keyHash)
  if (!own) return 'unknown'
  return verify(null, Buffer.from(checkpoint.text), by.key, own.signature) ? 'valid' : 'invalid'
}
