import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aside, columnIn, countIn, endIn, errorBody, errorIn, okBody, okIn, readAside, valuesIn } from './index.ts'

test('nothing throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(10), (bytes, columns) => {
      const body = Buffer.from(bytes)
      for (const read of [columnIn, countIn, endIn, errorIn, okIn, readAside]) read(body)
      expect(valuesIn(body, columns).length).toBeLessThanOrEqual(columns)
    }),
  )
})

test('values are told from null, and a row that is cut gives what is whole', () => {
  const row = Buffer.from([0x01, 0x41, 0xfb, 0x00, 0xfc, 0x02, 0x00, 0x42, 0x43])
  expect(valuesIn(row, 4).map((value) => value?.toString() ?? null)).toEqual(['A', null, '', 'BC'])
  expect(valuesIn(row.subarray(0, -1), 4)).toHaveLength(3)
})

test('an outcome says rows, transaction and words', () => {
  expect(okIn(okBody(0x0003, 'Rows matched: 1'))).toEqual({
    affected: 0,
    inTransaction: true,
    more: false,
    warnings: 0,
    info: 'Rows matched: 1',
  })
  expect(okIn(errorBody(1064, '42000', 'no'))).toBeUndefined()
})

test('words of ours are told from every error of a server', () => {
  expect(readAside(aside({ kind: 'said', message: 'Ünd' }))).toEqual({ kind: 'said', message: 'Ünd' })
  for (const suspended of [true, false])
    expect(readAside(aside({ kind: 'suspended', suspended }))).toEqual({ kind: 'suspended', suspended })
  expect(readAside(errorBody(1152, '08S01', 'The grant has ended.'))).toBeUndefined()
  expect(readAside(errorBody(0xffff, '42000', 'x'))).toBeUndefined()
})
