import { describe, expect, test } from 'vitest'
import { fromBase32, stepAt, totp } from './totp.ts'

// RFC 6238 appendix B, SHA-1, of whose eight digits an authenticator shows the last six.
const secret = Buffer.from('12345678901234567890')

describe('a code', () => {
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i is the one that RFC 6238 publishes', (second, eightDigits) => {
    expect(totp(secret, stepAt(second * 1000))).toBe(eightDigits.slice(2))
  })
})

describe('a secret in base32', () => {
  test.each([
    ['MZXW6YTBOI======', 'foobar'],
    ['mzxw 6ytb', 'fooba'],
    ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '12345678901234567890'],
  ])('%s is read as RFC 4648 says', (text, meant) => {
    expect(fromBase32(text)?.toString()).toBe(meant)
  })
  test.each(['', 'MZXW1', 'MZXW6!'])('"%s" is refused', (text) => {
    expect(fromBase32(text)).toBeUndefined()
  })
})
