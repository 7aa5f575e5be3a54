import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyIdOf, open, type Place, seal } from './sealed.ts'

const key = new Uint8Array(32).fill(3)
const place: Place = { purpose: 'secret', location: 'standard', id: 'account/acc_aaaaaaaaaa/password', version: 2 }
const secret = Buffer.from('hunter2')

describe('a sealed value', () => {
  test('opens in its place, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 20 }), (plain, keyId) => {
        const opened = open(key, place, seal(key, keyId, place, plain))
        expect(opened.ok && [...opened.value]).toEqual([...plain])
      }),
    )
  })

  test('is another each time, so that nobody sees that two are the same', () => {
    expect(seal(key, 'standard:1', place, secret)).not.toEqual(seal(key, 'standard:1', place, secret))
  })

  test('does not open with any single bit changed', () => {
    const sealed = seal(key, 'standard:1', place, secret)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(open(key, place, changed).ok).toBe(false)
    }
  })

  test('does not open at any shorter length, nor with a byte more', () => {
    const sealed = seal(key, 'standard:1', place, secret)
    for (let length = 0; length < sealed.length; length++) expect(open(key, place, sealed.subarray(0, length)).ok).toBe(false)
    expect(open(key, place, Buffer.concat([sealed, Buffer.alloc(1)])).ok).toBe(false)
  })

  test.each<[string, Place]>([
    ['for another purpose', { ...place, purpose: 'data-key' }],
    ['at another location', { ...place, location: 'system' }],
    ['of another owner', { ...place, id: 'account/acc_bbbbbbbbbb/password' }],
    ['of another version', { ...place, version: 3 }],
    ['where the same letters are cut elsewhere', { ...place, purpose: 'secretstandard', location: '' }],
  ])('does not open %s', (_what, other) => {
    expect(open(key, other, seal(key, 'standard:1', place, secret))).toEqual({ ok: false, error: { code: 'crypto.does_not_open' } })
  })

  test('does not open under another key', () => {
    expect(open(new Uint8Array(32), place, seal(key, 'standard:1', place, secret)).ok).toBe(false)
  })

  test('names its key, and anything else names none', () => {
    expect(keyIdOf(seal(key, 'standard:1', place, secret))).toBe('standard:1')
    for (const other of [[], [1], [1, 1], [2, 1, 0], [1, 2, 0], [1, 1, 255]])
      expect(keyIdOf(Uint8Array.from([...other, ...new Array(20).fill(0)]))).toBeUndefined()
    expect(open(key, place, new Uint8Array(0))).toEqual({ ok: false, error: { code: 'crypto.not_ours' } })
  })

  test('takes no key id that its length byte cannot say', () => {
    expect(() => seal(key, 'x'.repeat(256), place, secret)).toThrow(RangeError)
  })
})
