import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, type Plain } from './canonical.ts'

const plain = fc.jsonValue() as fc.Arbitrary<Plain>
/** The same value with the keys of every object in another order. */
const shuffled = (value: Plain): Plain => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v)]),
  )
}

describe('canonical JSON', () => {
  test('is JSON of the same value', () => {
    fc.assert(fc.property(plain, (value) => void expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))))
  })

  test('does not depend on the order in which keys were set', () => {
    fc.assert(fc.property(plain, (value) => void expect(canonical(shuffled(value))).toBe(canonical(value))))
  })

  test('is the same after another round', () => {
    fc.assert(fc.property(plain, (value) => void expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))))
  })

  test('tells any two different values apart', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        if (JSON.stringify(shuffled(a)) !== JSON.stringify(shuffled(b)) && canonical(a) === canonical(b))
          expect(JSON.parse(canonical(a))).toEqual(JSON.parse(canonical(b)))
      }),
    )
  })

  test.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ B: 1, a: 2, A: 3 }, '{"A":3,"B":1,"a":2}'],
    ['\u2028"\\', '"\u2028\\"\\\\"'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('writes %j as %s', (value, text) => {
    expect(canonical(value)).toBe(text)
  })

  test.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
    ['undefined inside', { a: undefined }],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
  ])('carries no %s', (_what, value) => {
    expect(() => canonical(value as never)).toThrow(TypeError)
  })
})
