import type { Frontier } from '../../platform/merkle/merkle.ts'

/** Beyond these another server's checkpoint cannot be compared from memory; it brings one every few seconds. */
const kept = 10_000
const tile = 64
const hashLength = 32

interface Tile {
  /** Of everything before it. */
  before: Frontier
  leaves: Buffer
}

/** What the newest roots of the log are worked out from when somebody asks for one, which is for few of them. */
export class RecentRoots {
  #tiles = new Map<number, Tile>()

  /** `tree`: that of the log before this leaf. `of`: how many are taken over altogether, where many are. */
  append(tree: Frontier, leaf: Buffer, of: number): void {
    const { size } = tree
    const number = Math.floor(size / tile)
    if (size % tile === 0 && of - size < kept + tile) {
      this.#tiles.set(number, { before: tree.clone(), leaves: Buffer.alloc(tile * hashLength) })
      this.#tiles.delete(number - Math.ceil(kept / tile) - 1)
    }
    this.#tiles.get(number)?.leaves.set(leaf, (size % tile) * hashLength)
  }

  /** Of the tree over the first `size` entries, which the log must have; undefined when that is too old. */
  at(size: number): Buffer | undefined {
    const found = this.#tiles.get(Math.floor((size - 1) / tile))
    if (!found) return undefined
    const tree = found.before.clone()
    for (let at = 0; tree.size < size; at++) tree.append(found.leaves.subarray(at * hashLength, (at + 1) * hashLength))
    return tree.root()
  }
}
