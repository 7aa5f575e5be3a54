import { nodeHash } from './merkle.ts'

/*
 * Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2, over subtrees that somebody keeps. A tree of n leaves
 * asks for about log₂ n of them, whatever its size.
 */

/** The root of the perfect subtree of 2^height leaves that begins at leaf `start` (from 0), a multiple of 2^height. */
export type Subtree = (start: number, height: number) => Promise<Buffer>

/** The largest power of two that is smaller than `n`, n ≥ 2. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** MTH(D[start:start+count]), RFC 6962 section 2.1. */
export async function rootOf(start: number, count: number, subtree: Subtree): Promise<Buffer> {
  const height = Math.log2(count)
  if (Number.isInteger(height)) return await subtree(start, height)
  const k = split(count)
  return nodeHash(await rootOf(start, k, subtree), await rootOf(start + k, count - k, subtree))
}

/** PATH(index, D[0:size]): the audit path of a leaf (from 0) in the tree over the first `size`, from the leaf up. */
export async function inclusionPath(index: number, size: number, subtree: Subtree, start = 0): Promise<Buffer[]> {
  if (size === 1) return []
  const k = split(size)
  return index < k
    ? [...(await inclusionPath(index, k, subtree, start)), await rootOf(start + k, size - k, subtree)]
    : [...(await inclusionPath(index - k, size - k, subtree, start + k)), await rootOf(start, k, subtree)]
}

/** PROOF(first, D[0:second]): that the tree over `first` leaves is the beginning of the one over `second`; 1 ≤ first ≤ second. */
export const consistencyPath = (first: number, second: number, subtree: Subtree): Promise<Buffer[]> =>
  subProof(first, second, subtree, 0, true)

async function subProof(m: number, n: number, subtree: Subtree, start: number, whole: boolean): Promise<Buffer[]> {
  if (m === n) return whole ? [] : [await rootOf(start, n, subtree)]
  const k = split(n)
  return m <= k
    ? [...(await subProof(m, k, subtree, start, whole)), await rootOf(start + k, n - k, subtree)]
    : [...(await subProof(m - k, n - k, subtree, start + k, false)), await rootOf(start, k, subtree)]
}

/** The root that a path leads to from a leaf, RFC 9162 section 2.1.3.2; undefined when it is not as long as that place needs. */
export function rootFromPath(index: number, size: number, leaf: Buffer, path: readonly Buffer[]): Buffer | undefined {
  if (index < 0 || index >= size) return undefined
  let [at, last, root] = [index, size - 1, leaf]
  for (const hash of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = nodeHash(hash, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else root = nodeHash(root, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}
