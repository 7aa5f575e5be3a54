import type { AnswerOf, audit } from '@claviger/api'
import { type Bytes, fromBase64, joined, same, sha256 } from './bytes.ts'
import { isSigned, type Note, readNote, sameNote } from './note.ts'
import type { Step } from './verify.ts'

/*
 * Checks a consistency proof in the browser: that the log of an earlier checkpoint is the beginning of the log of a later one
 * (RFC 9162 section 2.1.4.2). Nothing here asks the server.
 */

export type Consistency = AnswerOf<typeof audit.consistencyProof>

export interface Compared {
  ok: boolean
  steps: Step[]
  first: Note | undefined
  second: Note | undefined
}

/** `kept`: the checkpoint that somebody kept outside, where it is what the log is compared with. */
export async function checkConsistency(proof: Consistency, kept?: string): Promise<Compared> {
  const steps: Step[] = []
  const step = (what: string, ok: boolean) => steps.push({ what, ok })
  const [first, second] = [readNote(proof.first), readNote(proof.second)]
  if (kept !== undefined) {
    const own = readNote(kept)
    step('What you kept is signed by the key of this log', own?.origin === proof.log && (await isSigned(kept, proof)))
    step('The proof begins with exactly what you kept', own !== undefined && first !== undefined && sameNote(own, first))
  }
  for (const [note, read] of [
    [proof.first, first],
    [proof.second, second],
  ] as const)
    step(
      `The checkpoint over ${(read?.size ?? 0).toLocaleString('en-GB')} entries is signed by the key of this log`,
      read?.origin === proof.log && (await isSigned(note, proof)),
    )
  const leads = first !== undefined && second !== undefined && (await isBeginning(first, second, proof.path.map(fromBase64)))
  step(`The first ${(first?.size ?? 0).toLocaleString('en-GB')} entries are still those that were signed then`, leads)
  return { ok: steps.every((s) => s.ok), steps, first, second }
}

async function isBeginning(first: Note, second: Note, path: readonly Bytes[]): Promise<boolean> {
  if (first.size < 1 || first.size > second.size) return false
  if (first.size === second.size) return path.length === 0 && same(first.root, second.root)
  const whole = Number.isInteger(Math.log2(first.size))
  const [start, ...rest] = whole ? [first.root, ...path] : path
  if (!start) return false
  let [at, last] = [first.size - 1, second.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  let [before, after] = [start, start]
  for (const hash of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = await node(hash, before)
      after = await node(hash, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else after = await node(after, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && same(before, first.root) && same(after, second.root)
}

const node = (left: Uint8Array, right: Uint8Array) => sha256(joined([1], left, right))
