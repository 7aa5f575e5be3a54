import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idFrom, idPattern } from './id.ts'

describe('an id', () => {
  test('made of any ten bytes is one that the edges accept', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 20 }), (bytes) => void expect(idFrom('req', bytes)).toMatch(idPattern('req'))),
    )
  })

  test('is another for any change of its fifty bits', () => {
    const ten = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(
        ten,
        ten,
        (a, b) => void expect(idFrom('req', Uint8Array.from(a)) === idFrom('req', Uint8Array.from(b))).toBe(a.join() === b.join()),
      ),
    )
  })

  test('is made of no fewer than ten bytes', () => {
    expect(() => idFrom('req', new Uint8Array(9))).toThrow(RangeError)
  })

  test.each([
    'req_',
    'req_abcdefghi',
    'req_abcdefghijk',
    'per_abcdefghij',
    'req_ABCDEFGHIJ',
    'req_abcdefghij\n',
    ' req_abcdefghij',
    'req_abcdefghi/',
    'REQ_abcdefghij',
  ])('is not %j', (text) => {
    expect(text).not.toMatch(idPattern('req'))
  })
})
