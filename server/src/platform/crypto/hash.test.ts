import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveKey, hmacSha256, hmacUnder, lengthPrefixed, sameBytes, sha256 } from './hash.ts'
import { newId, randomToken } from './random.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

describe('joining parts', () => {
  test('gives no two different lists the same bytes', () => {
    const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 5 })
    fc.assert(
      fc.property(
        parts,
        parts,
        (a, b) => void expect(lengthPrefixed(...a).equals(lengthPrefixed(...b))).toBe(JSON.stringify(a) === JSON.stringify(b)),
      ),
      { numRuns: 500 },
    )
  })

  test('keeps apart what plain joining would not', () => {
    expect(lengthPrefixed('ab', 'c')).not.toEqual(lengthPrefixed('a', 'bc'))
    expect(lengthPrefixed('')).not.toEqual(lengthPrefixed())
    expect(lengthPrefixed('', '')).not.toEqual(lengthPrefixed(''))
  })
})

test('hashes and keys are what their specifications say', () => {
  expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  // RFC 4231 test case 2
  expect(hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
  // RFC 5869 test case 3, its first 32 bytes
  expect(deriveKey(hex('0b'.repeat(22)), '').toString('hex')).toBe('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d')
})

test('an HMAC made by hand is the one of the library, for any key and text, one after the other, and none after it was wiped', () => {
  const keys = fc.uint8Array({ maxLength: 64 })
  const texts = fc.array(fc.uint8Array({ maxLength: 4_000 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(keys, texts, (key, all) => {
      const made = hmacUnder(key)
      expect(all.map((text) => made.of(text).toString('hex'))).toEqual(all.map((text) => hmacSha256(key, text).toString('hex')))
      made.wipe()
      expect(() => made.of(new Uint8Array())).toThrow('wiped')
    }),
    { numRuns: 200 },
  )
  expect(() => hmacUnder(new Uint8Array(65))).toThrow(RangeError)
})

test('a derived key is another for every purpose', () => {
  const key = new Uint8Array(32).fill(1)
  expect(deriveKey(key, 'a')).not.toEqual(deriveKey(key, 'b'))
  expect(deriveKey(key, 'a')).toEqual(deriveKey(key, 'a'))
})

test('comparing says no to another length and does not fail', () => {
  expect([
    sameBytes(hex('aa'), hex('aa')),
    sameBytes(hex('aa'), hex('ab')),
    sameBytes(hex('aa'), hex('aaaa')),
    sameBytes(hex(''), hex('')),
  ]).toEqual([true, false, false, true])
})

test('random names and tokens do not come twice', () => {
  expect(new Set(Array.from({ length: 500 }, () => newId('req'))).size).toBe(500)
  expect(new Set(Array.from({ length: 500 }, () => randomToken())).size).toBe(500)
  expect(randomToken()).toMatch(/^[A-Za-z0-9_-]{43}$/)
})
