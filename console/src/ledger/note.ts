import { fromBase64, hex, joined, same, sha256, utf8 } from './bytes.ts'

/** A signed checkpoint (C2SP tlog-checkpoint): what the signer saw of a log at one moment. */
export interface Note {
  origin: string
  size: number
  root: Uint8Array
  /** ISO 8601, where the note says when it was signed. */
  time: string | undefined
}

const longest = 65_536

/** Undefined where the text is no checkpoint: somebody pasted something else. */
export function readNote(text: string): Note | undefined {
  const cut = text.lastIndexOf('\n\n')
  if (text.length > longest || cut < 0) return undefined
  const [origin, size = '', root = '', ...extensions] = text.slice(0, cut).split('\n')
  if (!origin || !/^(0|[1-9]\d{0,14})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return undefined
  const time = extensions.find((line) => line.startsWith('time '))?.slice(5)
  return { origin, size: Number(size), root: fromBase64(root), time }
}

export const sameNote = (a: Note, b: Note): boolean => a.origin === b.origin && a.size === b.size && same(a.root, b.root)

/** C2SP signed-note: the key is `name+hash+base64(01 ‖ key)`, the signature's first four bytes are that hash. */
export async function isSigned(checkpoint: string, { verifierKey, log }: { verifierKey: string; log: string }): Promise<boolean> {
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
  const written = line?.slice(`— ${name} `.length) ?? ''
  // a note may have been pasted: what is no base64 is no signature
  const signature = /^[A-Za-z0-9+/]+={0,2}$/.test(written) && written.length % 4 === 0 ? fromBase64(written) : undefined
  if (signature?.length !== 68 || hex(signature.slice(0, 4)) !== hash) return false
  const imported = await crypto.subtle.importKey('raw', key.slice(1), { name: 'Ed25519' }, false, ['verify'])
  return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature.slice(4), utf8(checkpoint.slice(0, cut + 1)))
}
