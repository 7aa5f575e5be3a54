import { expect, test } from 'vitest'
import { Frontier, leafHash, nodeHash } from './merkle.ts'
import { consistencyPath, inclusionPath, rootFromPath, rootOf, type Subtree } from './proof.ts'

const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)))
const subtree: Subtree = async (start, height) => {
  let hashes = leaves.slice(start, start + 2 ** height)
  while (hashes.length > 1) hashes = hashes.flatMap((h, i) => (i % 2 === 0 ? [nodeHash(h, hashes[i + 1] as Buffer)] : []))
  return hashes[0] as Buffer
}
const grown = (size: number) => {
  const tree = new Frontier()
  for (const leaf of leaves.slice(0, size)) tree.append(leaf)
  return tree.root()
}

test('every leaf of every tree leads to the root that the frontier has', async () => {
  for (let size = 1; size <= leaves.length; size++) {
    expect((await rootOf(0, size, subtree)).equals(grown(size))).toBe(true)
    for (let index = 0; index < size; index++) {
      const path = await inclusionPath(index, size, subtree)
      expect(rootFromPath(index, size, leaves[index] as Buffer, path)?.equals(grown(size))).toBe(true)
      expect(rootFromPath(index, size, leafHash(Buffer.from('another')), path)?.equals(grown(size))).toBe(false)
      if (path.length > 0) expect(rootFromPath(index, size, leaves[index] as Buffer, path.slice(1))).toBeUndefined()
    }
  }
})

test('a path has no place for a hash too many', async () => {
  const path = await inclusionPath(3, 9, subtree)
  expect(rootFromPath(3, 9, leaves[3] as Buffer, [...path, leaves[0] as Buffer])).toBeUndefined()
})

test('a consistency proof is as long as RFC 6962 says, and empty for the same tree', async () => {
  expect(await consistencyPath(7, 7, subtree)).toEqual([])
  // the example of section 2.1.3: PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i, j, k]
  expect(await consistencyPath(3, 7, subtree)).toHaveLength(4)
  expect(await consistencyPath(4, 7, subtree)).toHaveLength(1)
  expect(await consistencyPath(6, 7, subtree)).toHaveLength(3)
})
