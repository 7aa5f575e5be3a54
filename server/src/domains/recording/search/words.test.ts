import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addWords, longestWord, placesOf, termOf, wordsOfTerm } from './words.ts'

const wordsOf = (text: string): string[] => {
  const words = new Set<string>()
  addWords(text, words)
  return [...words]
}
const finds = (term: string, text: string): string[] => {
  const line = text.normalize('NFC')
  return placesOf(termOf(term), text).map(({ from, to }) => line.slice(from, to))
}

describe('words', () => {
  test.each([
    ['cat /etc/nginx/nginx.conf', ['cat', 'etc', 'nginx', 'conf']],
    ['SELECT * FROM app_admin.customerOrders', ['select', 'from', 'app', 'admin', 'customerorders', 'customer', 'orders']],
    ['ssh deploy@web01 -p 2222', ['ssh', 'deploy', 'web01', '2222']],
    ['Straße ＦＵＬＬ Ωδός', ['straße', 'full', 'ωδόσ']],
    ['数据库mysql 日', ['数据', '据库', 'mysql']],
    ['a b 7 — …', []],
  ])('of "%s"', (text, words) => expect(wordsOf(text)).toEqual(words))

  test('are as many as there is room for', () => {
    const words = new Set<string>()
    expect(addWords('one two one two', words, 2)).toBe(true)
    expect(addWords('two three', words, 2)).toBe(false)
    expect([...words]).toEqual(['one', 'two'])
  })

  test('that are very long count by their beginning', () => {
    const long = 'x'.repeat(5_000)
    expect(wordsOf(long)).toEqual(['x'.repeat(longestWord)])
    expect(wordsOfTerm(long)).toEqual(['x'.repeat(longestWord)])
  })
})

describe('a term is found', () => {
  test.each([
    ['nginx.conf', 'vi /etc/nginx/nginx.conf', ['nginx.conf']],
    ['NGINX', 'vi /etc/nginx/nginx.conf', ['nginx', 'nginx']],
    ['orders', 'select customerOrders, orders from x', ['Orders', 'orders']],
    ['customerorders', 'select customerOrders', ['customerOrders']],
    ['据库', '数据库', ['据库']],
    ['full', 'ＦＵＬＬ stop', ['ＦＵＬＬ']],
    ['drop table', 'DROP TABLE orders', ['DROP TABLE']],
  ])('%s in "%s"', (term, text, places) => expect(finds(term, text)).toEqual(places))

  test.each([
    ['rder', 'orders'],
    ['order', 'orders'],
    ['conf', 'config'],
    ['b01', 'web01'],
  ])('as whole words only: not %s in "%s"', (term, text) => expect(finds(term, text)).toEqual([]))
})

const piece = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9_./@-]{1,12}$/),
  fc.constantFrom(' ', 'ﬁ', 'Ω', 'ς', 'İ', '数据', 'ü', 'ü', '½', 'ΑΣ', '🙂', '\ud800', 'Ｆ'),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

test('whatever is found in a text, its words are among those of the text', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, term) => {
      if (placesOf(termOf(term), text).length === 0) return
      const words = wordsOf(text)
      for (const word of wordsOfTerm(term)) expect(words).toContain(word)
    }),
    { numRuns: 2_000 },
  )
})

test('each run of letters and digits of a text is found in it, in capitals or not', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const [whole] of text.normalize('NFC').matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
        expect(placesOf(termOf(whole), text).length, whole).toBeGreaterThan(0)
        expect(wordsOf(text)).toEqual(expect.arrayContaining(wordsOfTerm(whole)))
      }
    }),
    { numRuns: 2_000 },
  )
})
