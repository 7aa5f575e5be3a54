import type { audit } from '@claviger/api'

/*
 * Checks an inclusion proof in the browser, with nothing but WebCrypto: leaf, path and root as in RFC 6962 and RFC 9162 section
 * 2.1.3.2, the signature as in C2SP signed-note. Nothing here asks the server.
 */

export interface Step {
  what: string
  ok: boolean
}
export interface Level {
  /** The hash that the path brings, and on which side of ours it stands. */
  sibling: string
  side: 'left' | 'right'
  /** What the two give. */
  node: string
}
export interface Checked {
  ok: boolean
  steps: Step[]
  leaf: string
  levels: Level[]
  root: string
  size: number
  time: string | undefined
}

type Bytes = Uint8Array<ArrayBuffer>
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
export const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
const joined = (...parts: (Uint8Array | readonly number[])[]): Bytes => Uint8Array.from(parts.flatMap((p) => [...p]))
const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])
const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes

/** The commitment of a personal value: SHA-256(salt ‖ value), hex. */
export const commitmentOf = async (value: string, salt: string): Promise<string> => hex(await sha256(joined(fromBase64(salt), utf8(value))))

export async function checkProof(proof: audit.Inclusion, entry: { id: string; bytes: string }): Promise<Checked> {
  const steps: Step[] = []
  const step = (what: string, ok: boolean) => {
    steps.push({ what, ok })
    return ok
  }
  const bytes = fromBase64(proof.entry.bytes)
  const inside = JSON.parse(new TextDecoder().decode(bytes)) as { id?: unknown }
  step('The bytes are this entry', proof.entry.bytes === entry.bytes && inside.id === entry.id)

  const [origin, sizeLine = '', rootLine = '', ...extensions] = proof.checkpoint.slice(0, proof.checkpoint.lastIndexOf('\n\n')).split('\n')
  const size = Number(sizeLine)
  const signedRoot = fromBase64(rootLine)
  let at = proof.entry.place - 1
  let last = size - 1
  let root = await sha256(joined([0], bytes))
  const leaf = hex(root)
  const levels: Level[] = []
  let fits = at >= 0 && at <= last
  for (const encoded of proof.path) {
    const sibling = fromBase64(encoded)
    fits &&= last > 0
    const left = at % 2 === 1 || at === last
    root = await sha256(left ? joined([1], sibling, root) : joined([1], root, sibling))
    if (left) while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    levels.push({ sibling: hex(sibling), side: left ? 'left' : 'right', node: hex(root) })
  }
  fits &&= last <= 0
  step(`${levels.length} hashes lead from it to the signed root`, fits && same(root, signedRoot))
  step('The checkpoint is signed by the key of this log', origin === proof.log && (await isSigned(proof)))
  const time = extensions.find((line) => line.startsWith('time '))?.slice(5)
  return { ok: steps.every((s) => s.ok), steps, leaf, levels, root: hex(signedRoot), size, time }
}

/** C2SP signed-note: the key is `name+hash+base64(01 ‖ key)`, the signature's first four bytes are that hash. */
async function isSigned({ checkpoint, verifierKey, log }: audit.Inclusion): Promise<boolean> {
  const [name, hash, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifierKey)?.slice(1) ?? []
  if (!name || !hash || !encoded || name !== log) return false
  const key = fromBase64(encoded)
  if (key.length !== 33 || key[0] !== 1) return false
  const own = hex(await sha256(joined(utf8(`${name}\n`), key))).slice(0, 8)
  if (own !== hash) return false
  const cut = checkpoint.lastIndexOf('\n\n')
  const line = checkpoint
    .slice(cut + 2)
    .split('\n')
    .find((l) => l.startsWith(`— ${name} `))
  const signature = line === undefined ? undefined : fromBase64(line.slice(`— ${name} `.length))
  if (signature?.length !== 68 || hex(signature.slice(0, 4)) !== hash) return false
  const imported = await crypto.subtle.importKey('raw', key.slice(1), { name: 'Ed25519' }, false, ['verify'])
  return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature.slice(4), utf8(checkpoint.slice(0, cut + 1)))
}
