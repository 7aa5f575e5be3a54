import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { readEscrowLine } from '../../keeper/vault/escrow.ts'
import { sha256 } from '../../platform/crypto/hash.ts'

export interface Bounds {
  /** Bytes that are read at once. */
  chunk: number
  /** Bytes. No line of ours is longer: a file of 1 MiB in base64, with what stands around it. What is, is passed over. */
  longestLine: number
}

const ours: Bounds = { chunk: 1 << 20, longestLine: 8 << 20 }
const lineBreak = 0x0a

interface Place {
  source: number
  from: number
  length: number
  /** When it was written; empty for what is no line of ours. */
  at: string
}

/**
 * All lines of all these escrows, each once, in the order in which they were written, into one that is on the disk when this returns. Nothing is held
 * but where each line lies: with files in the vault an escrow is longer than memory, or than JavaScript's longest string.
 */
export function joinEscrows(paths: readonly string[], to: string, bounds: Bounds = ours): void {
  const files: number[] = []
  try {
    const places = new Map<string, Place>()
    for (const [source, path] of paths.entries()) {
      const file = openSync(path, 'r')
      files.push(file)
      for (const { raw, from } of linesIn(file, bounds)) {
        const key = sha256(raw).toString('base64')
        if (!places.has(key)) places.set(key, { source, from, length: raw.length, at: readEscrowLine(raw)?.at ?? '' })
      }
    }
    const inOrder = [...places.values()].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    write(to, files, inOrder)
  } finally {
    for (const file of files) closeSync(file)
  }
}

/** Each line that is not empty, and where it begins. Good until the next one is asked for. */
function* linesIn(file: number, { chunk, longestLine }: Bounds): Generator<{ raw: Buffer; from: number }> {
  const bytes = Buffer.alloc(chunk)
  let begun: Buffer[] = []
  let [from, length] = [0, 0]
  const end = function* (): Generator<{ raw: Buffer; from: number }> {
    if (length > 0 && length <= longestLine) yield { raw: Buffer.concat(begun), from }
    begun = []
  }
  const take = (part: Buffer) => {
    length += part.length
    // of one that is too long nothing is kept
    if (length <= longestLine) begun.push(Buffer.from(part))
    else begun = []
  }
  for (let at = 0; ; ) {
    const read = readSync(file, bytes, 0, chunk, at)
    if (read === 0) break
    let left = bytes.subarray(0, read)
    for (let br = left.indexOf(lineBreak); br !== -1; br = left.indexOf(lineBreak)) {
      take(left.subarray(0, br))
      yield* end()
      at += br + 1
      ;[from, length] = [at, 0]
      left = left.subarray(br + 1)
    }
    take(left)
    at += left.length
  }
  // the last one may be cut off, and is kept as it is: the keeper passes it over
  yield* end()
}

function write(to: string, files: readonly number[], places: readonly Place[]): void {
  const fresh = `${to}.new`
  const out = openSync(fresh, 'w', 0o600)
  try {
    for (const { source, from, length } of places) {
      const line = Buffer.alloc(length + 1, lineBreak)
      if (readSync(files[source] ?? -1, line, 0, length, from) !== length) throw new Error('An escrow was changed while it was read.')
      writeAll(out, line)
    }
    fsyncSync(out)
  } finally {
    closeSync(out)
  }
  renameSync(fresh, to)
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
