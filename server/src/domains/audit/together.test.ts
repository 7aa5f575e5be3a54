import { describe, expect, test } from 'vitest'
import type { IndexedEntry } from './ledger-index.store.ts'
import { together } from './together.ts'

const at = new Date('2026-01-01T10:00:00Z')
const id = (n: number) => `ent_${String(n).padStart(10, '0')}`
const entry = (place: number, over: Partial<IndexedEntry> = {}, ...words: string[]): IndexedEntry => ({
  ...{ place, also: null, at, act: 'access.read', phase: 'done', by_id: 'per_aaaaaaaaaa' },
  words: [id(place), ...(words.length > 0 ? words : ['access', 'read', 'acc_aaaaaaaaaa'])],
  ...over,
})
const places = (lines: readonly IndexedEntry[]) => lines.map(({ place, also }) => [...(also ?? []), place])

describe('entries that say the same', () => {
  test('at the same moment become one line, which is found by each of their ids', () => {
    const lines = together([entry(1), entry(2, {}, 'another'), entry(3), entry(4)])
    expect(places(lines)).toEqual([[2], [1, 3, 4]])
    expect(lines[1]?.words.toSorted()).toEqual(['acc_aaaaaaaaaa', 'access', id(1), id(3), id(4), 'read'])
  })

  test.each<[string, Partial<IndexedEntry>]>([
    ['at another moment', { at: new Date(at.getTime() + 1) }],
    ['of another act', { act: 'access.reads' }],
    ['in another phase', { phase: 'intent' }],
    ['by somebody else', { by_id: null }],
  ])('stay apart when one is %s', (_what, over) => {
    expect(places(together([entry(1), entry(2, over)]))).toEqual([[1], [2]])
  })

  test('stay alone where they name another entry, and a line is not endless', () => {
    expect(places(together([entry(1, {}, id(9)), entry(2, {}, id(9))]))).toEqual([[1], [2]])
    const lines = together(Array.from({ length: 130 }, (_, n) => entry(n + 1)))
    expect(lines.map((line) => (line.also?.length ?? 0) + 1)).toEqual([64, 64, 2])
    expect(places(lines).flat()).toEqual(Array.from({ length: 130 }, (_, n) => n + 1))
  })
})
