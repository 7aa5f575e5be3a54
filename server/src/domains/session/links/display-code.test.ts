import fc from 'fast-check'
import { expect, test } from 'vitest'
import { displayCode, readDisplayCode } from './display-code.ts'

const codes = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(displayCode)

test('a code is eight letters and digits that nobody takes for another', () => {
  fc.assert(fc.property(codes, (code) => /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/.test(code)))
})

test('however it is typed, it is the same', () => {
  fc.assert(
    fc.property(codes, (code) => {
      const typed = code.replaceAll('0', 'o').replaceAll('1', 'l').replace('-', '').toLowerCase()
      expect([readDisplayCode(code), readDisplayCode(typed), readDisplayCode(typed.toUpperCase())]).toEqual([code, code, code])
    }),
  )
})
