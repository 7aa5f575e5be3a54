import type { audit } from '@claviger/api'
import { fromBase64, hex, joined, same, sha256, utf8 } from './bytes.ts'
import { isSigned, readNote } from './note.ts'

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

  const {
    origin,
    size,
    root: signedRoot,
    time,
  } = readNote(proof.checkpoint) ?? { origin: '', size: 0, root: new Uint8Array(), time: undefined }
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
  step('The checkpoint is signed by the key of this log', origin === proof.log && (await isSigned(proof.checkpoint, proof)))
  return { ok: steps.every((s) => s.ok), steps, leaf, levels, root: hex(signedRoot), size, time }
}
