import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAscii, readerFor } from './index.ts'

const every = ['UTF8', 'LATIN1', 'LATIN2', 'LATIN5', 'LATIN9', 'WIN1252', 'WIN1251', 'KOI8R', 'EUC_JP', 'SJIS', 'UHC', 'GBK', 'GB18030']
const names = [...every, 'BIG5', 'ISO_8859_5', 'WIN866', 'EUC_TW', 'JOHAB', 'MULE_INTERNAL', 'no such encoding']

test.each([
  ['LATIN1', '4d fc 6c 6c 65 72 80', 'Müller\u0080'],
  ['LATIN9', 'a4', '€'],
  ['LATIN2', 'b3', 'ł'],
  ['LATIN5', 'fd', 'ı'],
  ['ISO_8859_5', 'd6', 'ж'],
  ['WIN1251', 'e6', 'ж'],
  ['KOI8R', 'd6', 'ж'],
  ['WIN1252', '80', '€'],
  ['SJIS', '83 5c', 'ソ'],
  ['EUC_JP', 'b8 dc b5 d2', '顧客'],
  ['UHC', 'c7 d1', '한'],
  ['GB18030', 'ba ba', '汉'],
  ['BIG5', 'ba 7e', '漢'],
  ['UTF8', 'e6 bc a2', '漢'],
])('%s: %s is %s', (encoding, hex, text) => {
  expect(readerFor(encoding)(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toEqual({ text, escaped: false })
})

test('ASCII is ASCII in all of them', () => {
  const ascii = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes.map((b) => b & 0x7f)))
  fc.assert(
    fc.property(ascii, fc.constantFrom(...names), (bytes, name) => {
      expect(readerFor(name)(bytes)).toEqual({ text: bytes.toString('latin1'), escaped: false })
    }),
  )
})

test('whatever comes, nothing throws, no sign stands for bytes that are none, and what is escaped can be put back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...names), (bytes, name) => {
      const { text, escaped } = readerFor(name)(bytes)
      expect(text).not.toContain('\ufffd')
      if (!escaped) return
      expect(isAscii(bytes)).toBe(false)
      // a backslash of the text itself may look like an escape; without one it is exact
      if (bytes.includes(0x5c)) return
      const back = text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      expect(Buffer.from(back, 'latin1').equals(Buffer.from(bytes))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
