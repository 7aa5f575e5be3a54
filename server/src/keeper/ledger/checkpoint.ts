import { type SigningKey, verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import { sha256 } from '../../platform/crypto/hash.ts'

/*
 * Checkpoints in the form of C2SP tlog-checkpoint, signed as C2SP signed-note with Ed25519 (algorithm byte 0x01).
 *
 *   claviger.dev/ledger/<log>
 *   <size>
 *   <root, base64>
 *   epoch <n>
 *   time <ISO 8601>
 *
 *   — claviger.dev/ledger/<log> <base64(key hash, 4 bytes ‖ signature, 64 bytes)>
 */

export interface Checkpoint {
  log: string
  size: number
  root: Buffer
  epoch: number
  time: string
}

const ed25519Algorithm = Buffer.from([1])
const keyHash = (name: string, publicKey: Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`), ed25519Algorithm, publicKey])).subarray(0, 4)

/** `name+hash+base64(algorithm ‖ key)`: what a verifier is given once, by another road. */
export const verifierKey = (name: string, publicKey: Uint8Array): string =>
  `${name}+${keyHash(name, publicKey).toString('hex')}+${Buffer.concat([ed25519Algorithm, publicKey]).toString('base64')}`

const body = (c: Checkpoint): string => `${c.log}\n${c.size}\n${c.root.toString('base64')}\nepoch ${c.epoch}\ntime ${c.time}\n`

export function signCheckpoint(key: SigningKey, checkpoint: Checkpoint): string {
  const text = body(checkpoint)
  const signature = Buffer.concat([keyHash(checkpoint.log, key.publicKey), key.sign(Buffer.from(text, 'utf8'))])
  return `${text}\n— ${checkpoint.log} ${signature.toString('base64')}\n`
}

/** Reads a note and checks its signature; undefined when it is not whole or not signed by this key. */
export function readCheckpoint(note: string, publicKey: Uint8Array): Checkpoint | undefined {
  const match =
    /^((\S{1,200})\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\nepoch (\d{1,9})\ntime (\S{1,40})\n)\n— (\S{1,200}) ([A-Za-z0-9+/=]{1,200})\n$/.exec(
      note,
    )
  if (!match) return undefined
  const [, text = '', log = '', size = '', root = '', epoch = '', time = '', signedBy, signature = ''] = match
  const bytes = Buffer.from(signature, 'base64')
  if (signedBy !== log || bytes.length !== 68 || !bytes.subarray(0, 4).equals(keyHash(log, publicKey))) return undefined
  if (!verifyEd25519(publicKey, Buffer.from(text, 'utf8'), bytes.subarray(4))) return undefined
  return { log, size: Number(size), root: Buffer.from(root, 'base64'), epoch: Number(epoch), time }
}
