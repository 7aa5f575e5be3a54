import { describe, expect, test } from 'vitest'
import { keeperKeys } from '../keys.ts'
import { marksOf } from './marks.ts'
import { bitsOfKey, guessBits } from './strength.ts'

const guess = (text: string) => guessBits(Buffer.from(text))

describe('the strength of a password that we did not make', () => {
  test.each([
    ['a word', 'password'],
    ['a word with what is put behind it', 'Summer2026!'],
    ['one character', 'aaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a row of digits', '123456789012345678901234'],
    ['two words', 'correcthorse'],
  ])('is little for %s', (_what, text) => {
    expect(guess(text)).toBeLessThan(60)
  })

  test('is enough for what a password manager makes', () => {
    expect(guess('v9#kTz!2mQ8$xLp4Rw7&')).toBeGreaterThan(100)
  })
})

describe('what is kept beside a credential', () => {
  const keys = keeperKeys(Buffer.alloc(32, 7))
  const marks = (text: string) => marksOf(keys, 'password', Buffer.from(text), null)

  test('is the same likeness for passwords of which one was made of the other', () => {
    for (const other of ['Summer2026!', 'SUMMER1', '$ummer-99', 'summer', '5umm3r!'])
      expect([other, marks(other).likeness?.equals(marks('Summer2025!').likeness as Buffer)]).toEqual([other, true])
    expect(marks('Winter2025!').likeness?.equals(marks('Summer2025!').likeness as Buffer)).toBe(false)
    expect(marks('12345678').likeness).toBeNull()
  })

  test('is no fingerprint that another installation would have', () => {
    const other = marksOf(keeperKeys(Buffer.alloc(32, 8)), 'password', Buffer.from('Summer2025!'), null)
    expect(marks('Summer2025!').fingerprint.equals(marks('Summer2025!').fingerprint)).toBe(true)
    expect(marks('Summer2025!').fingerprint.equals(other.fingerprint)).toBe(false)
  })
})

test('an SSH key counts by its sort and size', () => {
  const rsa = (modulus: number) => `ssh-rsa ${Buffer.alloc(22 + modulus).toString('base64')} x`
  expect([bitsOfKey(rsa(128)), bitsOfKey(rsa(257)), bitsOfKey(rsa(385))]).toEqual([80, 112, 128])
  expect([bitsOfKey('ssh-ed25519 AAAA x'), bitsOfKey('ssh-dss AAAA x')]).toEqual([128, 0])
})
