import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EntryId } from '../../kernel/id.ts'
import { cutAtId, entryShape, readEntry, writeEntry } from './entry.ts'

const entry = (more: object = {}) => ({
  ...{ v: 1, id: 'ent_aaaaaaaaaa', at: '2026-01-02T03:04:05.678Z', act: 'access.read', phase: 'done', by: 'per_aaaaaaaaaa' },
  ...{ fields: { grant: 'grt_aaaaaaaaaa', version: 2, deep: { list: [1, null, 'x'] } }, committed: {}, attests: [], intent: null },
  ...more,
})
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))

test('an entry that we wrote is read as it was written', () => {
  const { bytes } = writeEntry({
    ...{ id: 'ent_aaaaaaaaaa' as EntryId, at: new Date(0), act: 'test.done', phase: 'done', by: null, fields: { a: [1] } },
    ...{ personal: {}, attests: [], intent: null },
  })
  expect(readEntry(bytes)).toEqual(JSON.parse(bytes.toString()))
})

test('an entry is cut behind its id, whatever is in it', () => {
  const ids = ['ent_aaaaaaaaaa', 'ent_bbbbbbbbbb'] as EntryId[]
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string()), fc.dictionary(fc.string(), fc.jsonValue()), (act, by, fields) => {
      const entry = { at: new Date(0), act, phase: 'done', by, fields: fields as Record<string, null>, attests: [], intent: null } as const
      const [one, other] = ids.map((id) => cutAtId(writeEntry({ ...entry, id, personal: {} }).bytes.toString()))
      expect([one?.id, other?.id]).toEqual(ids)
      expect(one?.rest).toBe(other?.rest)
    }),
    { numRuns: 200 },
  )
  expect(cutAtId('{"v":1,"id":"ent_aaaaaaaaaaa"}')).toBeUndefined()
  expect(cutAtId('{"id":"ent_aaaaaaaaaa","v":1}')).toBeUndefined()
})

test('whatever an entry says instead, the quick look and the whole one read the same', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom('done', 'outcome', 'nothing', '', null, [], {}, { a: 'b' }, ['x']))
  const field = fc.constantFrom('v', 'id', 'at', 'act', 'phase', 'by', 'fields', 'committed', 'attests', 'intent', 'more')
  fc.assert(
    fc.property(fc.dictionary(field, odd, { maxKeys: 3 }), fc.subarray(Object.keys(entry())), (changed, left) => {
      for (const value of [entry(changed), Object.fromEntries(Object.entries(entry(changed)).filter(([key]) => left.includes(key)))])
        expect(readEntry(bytesOf(value))).toEqual(entryShape.safeParse(JSON.parse(JSON.stringify(value))).data)
    }),
    { numRuns: 500 },
  )
})

test('a field by the name of a prototype is read as the whole look reads it', () => {
  const text = JSON.stringify(entry()).replace('"fields":{', '"fields":{"__proto__":{"x":1},')
  expect(readEntry(Buffer.from(text))).toEqual(entryShape.safeParse(JSON.parse(text)).data)
})
