import type { Outside } from './ledger.ts'
import { type Checkpoint, parseCheckpoint, parseVerifierKey, signatureOf, strictBase64 } from './note.ts'
import { leafHash, sha256 } from './tree.ts'

/*
 * Checks a proof file (docs/formats.md, "Proof files") with nothing but Node: an inclusion proof says that one entry stands at its
 * place under a signed checkpoint, a consistency proof that one checkpoint's log is the beginning of another's (RFC 9162, 2.1.3 and 2.1.4).
 */

export interface ProofVerdict {
  /** The proof holds, and the key that signed is the one that was expected. */
  ok: boolean
  /** Whether a key from outside the file was there to compare with. Without one the file vouches for itself. */
  anchored: boolean
  kind: 'inclusion' | 'consistency' | undefined
  /** What was checked, in order; the first that failed ends it. */
  steps: { what: string; ok: boolean }[]
  verifierKey: string | undefined
}

const node = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right)

/** What was kept where the server cannot reach it: the signer's key, or a checkpoint, which must be one of those in the file. */
export function verifyProof(file: string, { verifierKey: expectedKey, checkpoint: kept }: Outside = {}): ProofVerdict {
  const steps: ProofVerdict['steps'] = []
  const verdict: ProofVerdict = {
    ok: false,
    anchored: expectedKey !== undefined || kept !== undefined,
    kind: undefined,
    steps,
    verifierKey: undefined,
  }
  const check = (what: string, ok: boolean): boolean => {
    steps.push({ what, ok })
    return ok
  }
  const proof = read(file)
  if (!check('it is a proof file of version 1', proof !== undefined) || !proof) return verdict
  const done: ProofVerdict = { ...verdict, kind: proof.kind, verifierKey: proof.verifierKey }
  if (expectedKey !== undefined && !check(`its signer is the one that you expect, ${expectedKey}`, proof.verifierKey === expectedKey))
    return done
  for (const checkpoint of proof.checkpoints) {
    const key = parseVerifierKey(proof.verifierKey)
    const ofThisLog = checkpoint.origin === proof.log && key !== undefined && signatureOf(checkpoint, key) === 'valid'
    if (!check(`the checkpoint over ${checkpoint.size} entries of ${proof.log} is signed by that key`, ofThisLog)) return done
  }
  if (kept !== undefined && !check(...sayWhetherKept(kept, proof))) return done
  if (proof.kind === 'inclusion') {
    const { place, id, bytes } = proof.entry
    const inside = parse(bytes.toString('utf8'))?.id
    if (!check(`the bytes are the entry ${id}`, inside === id)) return done
    const [checkpoint] = proof.checkpoints
    const root = rootFromPath(place - 1, checkpoint.size, leafHash(bytes), proof.path)
    if (!check(`${proof.path.length} hashes lead from it, at place ${place}, to the signed root`, root?.equals(checkpoint.root) === true))
      return done
  } else {
    const [first, second] = proof.checkpoints
    const holds = second !== undefined && isConsistent(first, second, proof.path)
    if (!check(`the first ${first.size} entries are still those that were signed`, holds)) return done
  }
  return { ...done, ok: true }
}

/** Whether what was kept outside is signed by the same key, and is what the file proves something about. */
function sayWhetherKept(kept: string, { checkpoints, verifierKey }: Proof): [what: string, ok: boolean] {
  const own = parseCheckpoint(kept)
  if (!own) return ['what you kept is a checkpoint', false]
  const key = parseVerifierKey(verifierKey)
  const signed = key !== undefined && signatureOf(own, key) === 'valid'
  const inFile = checkpoints.some((c) => c.origin === own.origin && c.size === own.size && c.root.equals(own.root))
  return [`the checkpoint that you kept, over ${own.size} entries, is signed by that key and is the one in the file`, signed && inFile]
}

/** RFC 9162 section 2.1.3.2. */
function rootFromPath(index: number, size: number, leaf: Buffer, path: readonly Buffer[]): Buffer | undefined {
  if (index < 0 || index >= size) return undefined
  let [at, last, root] = [index, size - 1, leaf]
  for (const hash of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = node(hash, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else root = node(root, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}

/** RFC 9162 section 2.1.4.2. */
function isConsistent(first: Checkpoint, second: Checkpoint, path: readonly Buffer[]): boolean {
  if (first.size < 1 || first.size > second.size) return false
  if (first.size === second.size) return path.length === 0 && first.root.equals(second.root)
  const whole = Number.isInteger(Math.log2(first.size))
  const [start, ...rest] = whole ? [first.root, ...path] : path
  if (!start) return false
  let [at, last] = [first.size - 1, second.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  let [before, after] = [start, start]
  for (const hash of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = node(hash, before)
      after = node(hash, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else after = node(after, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && before.equals(first.root) && after.equals(second.root)
}

interface Common {
  log: string
  verifierKey: string
  path: Buffer[]
}
type Proof =
  | (Common & { kind: 'inclusion'; entry: { place: number; id: string; bytes: Buffer }; checkpoints: [Checkpoint] })
  | (Common & { kind: 'consistency'; checkpoints: [Checkpoint, Checkpoint] })

type Json = Record<string, unknown>
function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}
const bytesOf = (value: unknown, length?: number): Buffer | undefined => {
  const bytes = typeof value === 'string' ? strictBase64(value) : undefined
  return length === undefined || bytes?.length === length ? bytes : undefined
}
const note = (value: unknown) => (typeof value === 'string' ? parseCheckpoint(value) : undefined)

/** Exactly the fields of the format, or nothing. */
function read(file: string): Proof | undefined {
  const json = file.length <= 1_000_000 ? parse(file) : undefined
  const { format, version, log, verifierKey, path, entry, checkpoint, first, second, ...more } = json ?? {}
  const hashes = Array.isArray(path) && path.length <= 128 ? path.map((h) => bytesOf(h, 32)) : [undefined]
  if (version !== 1 || typeof log !== 'string' || typeof verifierKey !== 'string' || Object.keys(more).length > 0) return undefined
  if (hashes.some((h) => h === undefined)) return undefined
  const common = { log, verifierKey, path: hashes as Buffer[] }
  if (format === 'claviger-inclusion-proof' && first === undefined && second === undefined) {
    const { place, id, bytes, ...rest } = (entry ?? {}) as Json
    const [raw, signed] = [bytesOf(bytes), note(checkpoint)]
    if (!raw || !signed || typeof id !== 'string' || !Number.isSafeInteger(place) || Object.keys(rest).length > 0) return undefined
    return { kind: 'inclusion', ...common, entry: { place: place as number, id, bytes: raw }, checkpoints: [signed] }
  }
  const [earlier, later] = [note(first), note(second)]
  const isConsistency = format === 'claviger-consistency-proof' && entry === undefined && checkpoint === undefined
  return isConsistency && earlier && later ? { kind: 'consistency', ...common, checkpoints: [earlier, later] } : undefined
}
