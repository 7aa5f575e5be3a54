import { cutAtId, readEntry } from '../../keeper/ledger/entry.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import { nodeHash } from '../../platform/merkle/merkle.ts'
import {
  type IndexedEntry,
  indexAlone,
  insertIndexed,
  insertTile,
  lastIndexed,
  leavesAfter,
  placedAfter,
  tileCount,
  tileRoots,
} from './ledger-index.store.ts'
import { entryId, longestStep, together } from './together.ts'
import { wordsOf } from './words.ts'

const batch = longestStep
const unreadable = 'unreadable'
export const tileSize = 256

/** Follows the log: makes what it is searched by and what proofs are made of. Both can be made again from the entries. */
export interface LedgerIndex {
  /** Resolves when every entry that had a place at the call is in. Many callers share one run. */
  catchUp(): Promise<void>
}

export function createLedgerIndex(db: Db): LedgerIndex {
  let running: Promise<void> | undefined
  const round = async (): Promise<void> => {
    for (;;) {
      const done = await db.transaction().execute(async (tx) => await indexNext(tx))
      await db.transaction().execute(async (tx) => await tilesUpTo(tx, done.last))
      if (done.count < batch) return
    }
  }
  return {
    async catchUp() {
      // what arrived after a running round began is not in it: that one first, then another
      const before = running
      if (before) await before
      running ??= round().finally(() => {
        running = undefined
      })
      await running
    },
  }
}

/** Keeps up while nobody asks, so that who asks after a long time does not wait. */
export function followLedger(index: LedgerIndex, log: (line: string) => void, everyMs = 5_000): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const turn = () => {
    running = index
      .catchUp()
      .catch((error: unknown) => log(`the ledger's search is behind: ${error instanceof Error ? error.message : String(error)}`))
  }
  const timer = setInterval(turn, everyMs)
  turn()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

async function indexNext(tx: Tx): Promise<{ last: number; count: number }> {
  await indexAlone(tx)
  const after = await lastIndexed(tx)
  const entries = await placedAfter(tx, after, batch)
  await insertIndexed(tx, together(indexedAll(entries)))
  return { last: entries.at(-1)?.place ?? after, count: entries.length }
}

/** Whoever can tag an entry can write any text into it, also one that the database refuses: it must not stop the index. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

/**
 * Entries that differ in nothing but their ids are read twice, however many they are: their bytes behind the id are the same. Two that were read whole show
 * that the id at the begin is the entry's, and that nothing behind it says otherwise.
 */
export function indexedAll(entries: readonly { place: number; bytes: Buffer }[]): IndexedEntry[] {
  const alike = new Map<string, { first: IndexedEntry; sure: boolean }>()
  return entries.map(({ place, bytes }) => {
    const cut = cutAtId(bytes.toString('utf8'))
    const known = cut && alike.get(cut.rest)
    if (cut && known?.sure && entryId.test(cut.id))
      return { ...known.first, place, words: [cut.id, ...known.first.words.slice(1)], like: known.first }
    const entry = indexed(place, bytes)
    if (!cut || entry.words[0] !== cut.id || entry.words.slice(1).some((word) => entryId.test(word))) return entry
    if (!known) alike.set(cut.rest, { first: entry, sure: false })
    else if (known.first.words[0] !== cut.id) known.sure = true
    return entry
  })
}

/** What no process of ours wrote is found by its place alone. */
export function indexed(place: number, bytes: Buffer): IndexedEntry {
  const entry = readEntry(bytes)
  if (!entry) return { place, also: null, at: new Date(0), act: unreadable, phase: 'alarm', by_id: null, words: [] }
  const { at, act, phase, by, fields, id } = entry
  const when = new Date(at)
  const year = when.getUTCFullYear()
  const words = wordsOf([id, act, by, fields])
  return {
    place,
    also: null,
    at: year >= 1 && year <= 9999 ? when : new Date(0),
    act: storable(act),
    phase,
    by_id: by && storable(by),
    words,
  }
}

/** Writes the tiles that are whole, each level above when 256 of the one below are. */
async function tilesUpTo(tx: Tx, size: number): Promise<void> {
  for (let number = await tileCount(tx); (number + 1) * tileSize <= size; number++) {
    const leaves = await leavesAfter(tx, number * tileSize, tileSize)
    if (leaves.length < tileSize) return
    await insertTile(tx, { level: 0, number, root: foldUp(leaves), leaves: Buffer.concat(leaves) })
    let [level, below] = [1, number]
    while ((below + 1) % tileSize === 0) {
      const above = (below + 1) / tileSize - 1
      const roots = await tileRoots(tx, level - 1, above * tileSize, tileSize)
      if (roots.length < tileSize) return
      await insertTile(tx, { level, number: above, root: foldUp(roots), leaves: null })
      ;[level, below] = [level + 1, above]
    }
  }
}

/** The root of a perfect subtree whose hashes of one height are these: a power of two of them. */
export function foldUp(hashes: readonly Buffer[]): Buffer {
  let row = [...hashes]
  while (row.length > 1) row = row.flatMap((hash, i) => (i % 2 === 0 ? [nodeHash(hash, row[i + 1] as Buffer)] : []))
  return row[0] as Buffer
}
