import { describe, expect, test } from 'vitest'
import { type Gathering, gather, gatherFor } from './gather.ts'

const doubling = (how: Gathering<number> = {}) => {
  const calls: number[][] = []
  const one = gather<number, number>(async (items) => {
    calls.push([...items])
    return items.map((n) => n * 2)
  }, how)
  return { one, calls }
}

describe('what is asked for in one turn of the loop', () => {
  test('is one call, and each hears its own answer', async () => {
    const { one, calls } = doubling()
    expect(await Promise.all([3, 1, 2].map(one))).toEqual([6, 2, 4])
    expect(await one(5)).toBe(10)
    expect(calls).toEqual([[3, 1, 2], [5]])
  })

  test('is several calls where it is too much', async () => {
    const { one, calls } = doubling({ most: 2 })
    expect(await Promise.all([1, 2, 3, 4, 5].map(one))).toEqual([2, 4, 6, 8, 10])
    expect(calls).toEqual([[1, 2], [3, 4], [5]])
  })

  test('is one after the other where two are about the same', async () => {
    const { one, calls } = doubling({ key: (n) => `${n % 2}` })
    expect(await Promise.all([1, 3, 2, 5].map(one))).toEqual([2, 6, 4, 10])
    expect(calls).toEqual([[1, 2], [3], [5]])
  })

  test('fails for all, or for the one that it is about', async () => {
    const run = async (items: readonly number[]) => {
      if (items.includes(2)) throw new Error('not 2')
      return items
    }
    const all = await Promise.allSettled([1, 2, 3].map(gather(run)))
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const each = await Promise.allSettled([1, 2, 3].map(gather(run, { ofOne: () => true })))
    expect(each.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('is no answer when there are not as many as asked', async () => {
    await expect(gather<number, number>(async () => [])(1)).rejects.toThrow('0 answers')
  })

  test('is kept apart for each that is asked', async () => {
    const calls: [string, number[]][] = []
    const one = gatherFor<{ name: string }, number, number>(async ({ name }, items) => {
      calls.push([name, [...items]])
      return items
    })
    const [a, b] = [{ name: 'a' }, { name: 'b' }]
    expect(await Promise.all([one(a, 1), one(b, 2), one(a, 3)])).toEqual([1, 2, 3])
    expect(calls).toEqual([
      ['a', [1, 3]],
      ['b', [2]],
    ])
  })
})
