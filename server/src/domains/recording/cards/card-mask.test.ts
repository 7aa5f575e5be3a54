import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CardMask, type CardMaskOptions } from './card-mask.ts'
import { anyCard, cardNumber } from './planted.fixture.ts'

const whole = (text: string, options: CardMaskOptions = {}): string => cut(text, [], options)

/** Through a stream that gets it cut at these places. */
function cut(text: string, places: readonly number[], options: CardMaskOptions = {}): string {
  const stream = new CardMask(options)
  const bytes = Buffer.from(text)
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  const out = at.slice(1).map((to, i) => stream.push(bytes.subarray(at[i], to)))
  return Buffer.concat([...out, stream.end()]).toString()
}

const visa = '4111111111111111'
/** What of a terminal's own may stand between two digits. */
const colours = [
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[38;5;123m',
  '\x1b[4;10H',
  '\x1b[K',
  '\x1b(B',
  '\x1b]0;a title\x07',
  '\x1b]8;;http://a/1\x1b\\',
  '\b',
  '\x07',
]
const between = fc.constantFrom('', '', ' ', '-', '\u00a0', ' - ', ...colours, ...colours.map((colour) => ` ${colour}`))
const written = fc
  .tuple(anyCard, fc.array(between, { minLength: 18, maxLength: 18 }))
  .map(([card, gaps]) => [...card].map((digit, i) => (i === 0 ? digit : `${gaps[i - 1]}${digit}`)).join(''))
/** Text that holds no digit, so that what stands beside a number belongs to nothing else. */
const around = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\t', '\r\n', '(', ' ', '/', '│', '\x1b[1m') })
/** The digits that a terminal shows. */
const shownDigits = (text: string) =>
  text.replaceAll(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]*[A-Za-z]|\x1b\(B/g, '').replaceAll(/[^0-9]/g, '')

describe('a card number in a stream', () => {
  test('leaves no digit, whatever stands between its digits and wherever the stream is cut', () => {
    fc.assert(
      fc.property(around, written, around, fc.array(fc.nat(), { maxLength: 40 }), (before, card, after, places) => {
        const text = `${before}x${card}x${after}`
        const stored = cut(text, places)
        expect(shownDigits(stored)).toBe('')
        expect(Buffer.byteLength(stored)).toBe(Buffer.byteLength(text))
      }),
      { numRuns: 2000 },
    )
  })

  test('is masked alike by every cut', () => {
    const text = `id 17 ${visa} 123, cvv=456; 5500-0000-0000-0004 %B${visa}^DOE/JOHN^29121010000000123?\r\n| cvv |\r\n| 321 |\r\n\x1b[32m37828\x1b[0m2246310005 at 10:42`
    const stored = whole(text)
    for (let at = 0; at <= Buffer.byteLength(text); at++) expect(cut(text, [at])).toBe(stored)
    expect(
      cut(
        text,
        Array.from({ length: 400 }, (_, i) => i),
      ),
    ).toBe(stored)
  })

  test('is found among other digits, to its left and to its right', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,40}$/), anyCard, fc.stringMatching(/^\d{0,40}$/), (before, card, after) => {
        const stored = whole(`${before}${card}${after}`)
        expect(stored.slice(before.length, before.length + card.length)).toMatch(/^X+$/)
      }),
    )
  })

  test('is found over the lines of a terminal of any width, and not over those of a file', () => {
    fc.assert(
      fc.property(
        anyCard,
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('\r\n', ' \r', '\x1b[2;1H'),
        (card, columns, first, wrap) => {
          const line = `${'$'.repeat(columns - first)}${card.slice(0, first)}${wrap}${card.slice(first)}`
          expect(whole(line, { columns }).replaceAll(/[^0-9]/g, '')).toBe(wrap.includes('[') ? '21' : '')
        },
      ),
    )
    expect(whole('41111111\n11111111\n', { columns: 80 })).toBe('41111111\n11111111\n')
    expect(whole('41111111\n11111111\n')).toBe('41111111\n11111111\n')
  })

  test.each([
    'XXXX',
    '4111111111111112',
    '41111111111111',
    '7777777777777777',
    '192.168.10.20 10.0.0.1',
    '2026-11-23T10:42:07.123',
    '0.4111111',
    'a4b1c1d1',
  ])('is not %s', (text) => expect(whole(text)).toBe(text))

  test.each([
    ['in the title of a window', `\x1b]0;cat ${visa}.csv\x07`],
    ['in a parameter of a control sequence', `\x1b[${visa}m`],
    ['behind what only looks like one', `\x1b[${'\x1b'}${'x'}${visa}`],
    ['in quotes, JSON and SQL', `{"pan":"${visa}"} values ('${visa}')`],
    ['in a name', `card_${visa}.csv`],
  ])('is found %s', (_, text) => expect(whole(text)).toBe(text.replace(visa, 'X'.repeat(16)).replace(visa, 'X'.repeat(16))))
})

describe('who types slowly', () => {
  const slowly = (text: string) => {
    const stream = new CardMask({ columns: 80 })
    const out = [...text].map((key) => Buffer.concat([stream.push(Buffer.from(key)), stream.early()]))
    return Buffer.concat([...out, stream.end()]).toString()
  }

  test('leaves the first six digits of a card number at most', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        expect(slowly(`x${card}\r`)).toMatch(new RegExp(`^x${card.slice(0, 6)}X+\r$`))
      }),
    )
  })

  test('leaves no digit of a code', () => expect(slowly('cvv 123\r\n')).toBe('cvv XXX\r\n'))

  test('finds what else was typed as it was', () => expect(slowly('kill 41234; ls 2026\r')).toBe('kill 41234; ls 2026\r'))

  test('never leaves more than six, wherever the waiting ends', () => {
    fc.assert(
      fc.property(anyCard, fc.array(fc.nat(20), { maxLength: 4 }), (card, pauses) => {
        const stream = new CardMask()
        const out = [...card].map((key, i) =>
          Buffer.concat([stream.push(Buffer.from(key)), pauses.includes(i) ? stream.early() : Buffer.alloc(0)]),
        )
        const stored = Buffer.concat([...out, stream.end()]).toString()
        expect(stored.replaceAll('X', '').length).toBeLessThanOrEqual(6)
        expect(card.slice(0, 6)).toContain(stored.replaceAll('X', ''))
      }),
    )
  })

  test('waits with a bounded number of bytes, whatever stands between two digits', () => {
    const stream = new CardMask()
    const out = stream.push(Buffer.from(`4${'\x1b[0m'.repeat(4000)}`))
    expect(out.length).toBe(16_001)
    expect(stream.waits).toBe(false)
  })
})

describe('a code', () => {
  test.each([
    ['cvv=123', 'cvv=XXX'],
    ['"cvv2": "0123"', '"cvv2": "XXXX"'],
    ['--card-code 987', '--card-code XXX'],
    ['securityCode:123', 'securityCode:XXX'],
    ['security code 123', 'security code XXX'],
    ['cid: 1234', 'cid: XXXX'],
    ['pin=4321', 'pin=XXXX'],
    ['PIN block 0412AC89ABCDEF67', 'PIN block XXXXACXXABCDEFXX'],
    [`${visa},12/29,123`, `${'X'.repeat(16)},12/29,XXX`],
    [`${visa} 123 is it`, `${'X'.repeat(16)} XXX is it`],
    [`;${visa}=29121010000000123?77`, `;${'X'.repeat(16)}=${'X'.repeat(17)}?77`],
    [`%B${visa}^DOE/JOHN ^29121010000?`, `%B${'X'.repeat(16)}^DOE/JOHN ^XXXXXXXXXXX?`],
    [' id | cvv\n----+-----\n 17 | 123\n 18 | 456\n(2 rows)\n', ' id | cvv\n----+-----\n 17 | XXX\n 18 | XXX\n(2 rows)\n'],
    ['number,cvv\n17,123\n18,456\n', 'number,cvv\n17,XXX\n18,XXX\n'],
  ])('%j is stored as %j', (text, stored) => expect(whole(text)).toBe(stored))

  test.each(['pinging 123 hosts', 'spin 4321', 'port 443', 'cvv\n\nls\nwc\n 123 lines'])('none is in %j', (text) =>
    expect(whole(text)).toBe(text),
  )
})

test('a thousand numbers, no two alike, are all masked', () => {
  const all = Array.from({ length: 1000 }, (_, i) => cardNumber(i))
  expect(new Set(all).size).toBe(1000)
  expect(whole(all.join('\n')).replaceAll(/[X\n]/g, '')).toBe('')
})
