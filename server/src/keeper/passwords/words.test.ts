import { expect, test } from 'vitest'
import { hasWord, wordAt } from './words.ts'

const bytes = (text: string) => Buffer.from(text)

test.each([
  ['early in the list', 'aardvark', 8],
  ['late in the list', 'zyzzyvas', 8],
  ['out of order in the file', 'manlihood', 9],
  ['in capitals', 'PaSsWoRd', 8],
  ['the longest of several', 'carpetbagger', 12],
  ['a word at its beginning alone', 'houseq7', 5],
  ['three letters', 'cat', 0],
  ['no word', 'qzxkvbw', 0],
  ['a digit inside', 'ho4use', 0],
])('the word that begins a text is found: %s', (_what, text, length) => {
  expect(wordAt(bytes(text), 0)).toBe(length)
})

test('a word is found wherever it stands', () => {
  expect(hasWord(bytes('7=Kqhouse.9'))).toBe(true)
  expect(hasWord(bytes('7=Kqhouze.9'))).toBe(false)
  expect(hasWord(bytes('x9house'))).toBe(true)
})

test('a name of three letters or more is found in any case, and one that is shorter is not looked for', () => {
  expect(hasWord(bytes('7xWEB01z'), ['web01'])).toBe(true)
  expect(hasWord(bytes('7xdbz'), ['db'])).toBe(false)
})
