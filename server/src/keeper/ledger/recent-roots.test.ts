import { expect, test } from 'vitest'
import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import { RecentRoots } from './recent-roots.ts'

const leaf = (n: number) => leafHash(Buffer.from(`entry ${n}`))

test('the newest ten thousand roots are what they were when their entries came, and older ones are not kept', () => {
  const tree = new Frontier()
  const recent = new RecentRoots()
  const roots: Buffer[] = []
  for (let n = 0; n < 10_500; n++) {
    recent.append(tree, leaf(n), 0)
    tree.append(leaf(n))
    roots.push(tree.root())
  }
  for (const size of [501, 512, 513, 576, 577, 640, 7_777, 10_432, 10_433, 10_499, 10_500]) expect(recent.at(size)).toEqual(roots[size - 1])
  expect(recent.at(100)).toBeUndefined()
})

test('of a long log that is read at the start the newest are kept', () => {
  const tree = new Frontier()
  const recent = new RecentRoots()
  for (let n = 0; n < 10_500; n++) {
    recent.append(tree, leaf(n), 10_500)
    tree.append(leaf(n))
  }
  expect(recent.at(10_500)).toEqual(tree.root())
  expect(recent.at(501)).toBeDefined()
  expect(recent.at(400)).toBeUndefined()
})
