import type { Db, Tx } from '../../platform/db/open-db.ts'
import { leafHash } from '../../platform/merkle/merkle.ts'
import { consistencyPath, inclusionPath, rootFromPath, type Subtree } from '../../platform/merkle/proof.ts'
import { entriesFrom } from './audit.view.ts'
import { tileLeaves, tileRoots } from './ledger-index.store.ts'
import { foldUp, tileSize } from './ledger-index.ts'

const tileHeight = Math.log2(tileSize)

/**
 * Subtrees of the log: whole tiles from their table, the last up to 255 entries from their bytes. A proof reads three or four tiles
 * (8 KiB each), a few hundred roots of 32 bytes at most, and these entries, however long the log is.
 */
function subtreesOf(db: Db): Subtree {
  const leaves = new Map<number, Promise<Buffer | undefined>>()
  const within = <T>(use: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(use)
  const subtree: Subtree = async (start, height) => {
    const count = 2 ** height
    if (height >= tileHeight) {
      const level = Math.floor(height / tileHeight) - 1
      const unit = tileSize ** (level + 1)
      const roots = await within((tx) => tileRoots(tx, level, start / unit, count / unit))
      // not made yet, a moment after the last entry: its halves are
      return roots.length === count / unit
        ? foldUp(roots)
        : foldUp([await subtree(start, height - 1), await subtree(start + count / 2, height - 1)])
    }
    const number = Math.floor(start / tileSize)
    const tile = leaves.get(number) ?? within((tx) => tileLeaves(tx, number))
    leaves.set(number, tile)
    const whole = await tile
    if (whole) {
      const first = start % tileSize
      return foldUp(Array.from({ length: count }, (_, i) => whole.subarray((first + i) * 32, (first + i + 1) * 32)))
    }
    const entries = await entriesFrom(db, start + 1, start + count, count)
    if (entries.length < count) throw new Error(`the log has no ${count} entries after place ${start}`)
    return foldUp(entries.map((e) => leafHash(e.bytes)))
  }
  return subtree
}

/**
 * The audit path of the entry at `place` (from 1) in the log over its first `size` entries. Undefined when it does not lead to the
 * signed root: then the tables are not what was signed, and no proof is given out.
 */
export async function proveInclusion(db: Db, place: number, size: number, bytes: Buffer, root: Buffer): Promise<Buffer[] | undefined> {
  const path = await inclusionPath(place - 1, size, subtreesOf(db))
  return rootFromPath(place - 1, size, leafHash(bytes), path)?.equals(root) ? path : undefined
}

/** That the log over `first` entries is the beginning of the log over `second`. */
export const proveConsistency = (db: Db, first: number, second: number): Promise<Buffer[]> => consistencyPath(first, second, subtreesOf(db))
