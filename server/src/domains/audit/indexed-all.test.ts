import { describe, expect, test } from 'vitest'
import type { IndexedEntry } from './ledger-index.store.ts'
import { indexed, indexedAll } from './ledger-index.ts'
import { together } from './together.ts'

const id = (n: number) => `ent_${String(n).padStart(10, '0')}`
const rest = (account: string) =>
  `","at":"2026-01-01T10:00:00.000Z","act":"access.read","phase":"done","by":"per_aaaaaaaaaa","fields":{"account":"${account}","version":3},"committed":{},"attests":[],"intent":null}`
const bytes = (n: number, behind = rest('acc_aaaaaaaaaa')) => Buffer.from(`{"v":1,"id":"${id(n)}${behind}`)
const alone = (entries: readonly { place: number; bytes: Buffer }[]) => entries.map((one) => indexed(one.place, one.bytes))
const plain = (entries: readonly IndexedEntry[]) => entries.map(({ like: _, ...entry }) => entry)
const placed = (...all: Buffer[]) => all.map((one, at) => ({ place: at + 1, bytes: one }))

describe('entries that are read together', () => {
  test.each<[string, Buffer[]]>([
    [
      'alike, and others between',
      [bytes(1), bytes(2), bytes(3, rest('acc_bbbbbbbbbb')), bytes(4), bytes(5), bytes(6, rest('acc_bbbbbbbbbb'))],
    ],
    // only somebody who took over one of our processes writes such a thing
    [
      'with a second id, which is the one that counts',
      [1, 2, 1, 3].map((n) => bytes(n, rest('acc_aaaaaaaaaa').replace('"intent":null', `"intent":null,"\\u0069d":"${id(1)}"`))),
    ],
    ['that name another entry', [7, 8, 9].map((n) => bytes(n, rest(id(99))))],
    ['that are none', [7, 8, 9].map((n) => bytes(n, '"'))],
    ['with an id of another kind', [bytes(1), bytes(2), ...[3, 4].map((n) => Buffer.from(bytes(n).toString().replace('ent_', 'ENT_')))]],
  ])('%s: say what each says alone, and become the same lines', (_what, all) => {
    const entries = placed(...all)
    expect(plain(indexedAll(entries))).toEqual(plain(alone(entries)))
    expect(plain(together(indexedAll(entries)))).toEqual(plain(together(alone(entries))))
  })
})
