import { describe, expect, test } from 'vitest'
import { fileName, readCustodians } from './custodians.ts'

const [bobs, carols] = [`age1${'q'.repeat(58)}`, `p256-${'B'.repeat(87)}`]

describe('custodians that somebody pastes', () => {
  test('are read a line each, in their order', () => {
    expect(readCustodians(` bob ${bobs} \n\ncarol jones: ${carols}\n`)).toEqual({
      custodians: [
        { name: 'bob', key: bobs },
        { name: 'carol jones', key: carols },
      ],
      wrong: undefined,
    })
  })

  test.each([
    ['nobody', '', 'From 2 to 16'],
    ['one alone', `bob ${bobs}`, 'From 2 to 16'],
    ['a key without a name', `bob ${bobs}\n${carols}`, 'Line 2'],
    ['a private key', `bob AGE-SECRET-KEY-1${'Q'.repeat(58)}`, 'Line 1'],
    ['a name twice', `bob ${bobs}\nbob ${carols}`, 'bob stands there twice'],
    ['a key twice', `bob ${bobs}\ncarol ${bobs}`, 'The key of carol'],
    ['too many', Array.from({ length: 17 }, (_, i) => `c${i} p256-${String(i).padStart(87, '0')}`).join('\n'), 'From 2 to 16'],
  ])('are refused where it is %s, in a sentence', (_what, text, says) => expect(readCustodians(text).wrong).toContain(says))
})

test('files of shares are called as those of the command line, whatever is in a name', () => {
  expect(fileName('9f2c', 1, { name: 'bob', key: bobs })).toBe('claviger-share-9f2c-1-bob.age')
  expect(fileName('9f2c', 2, { name: 'carol @ home', key: carols })).toBe('claviger-share-9f2c-2-carol-@-home.p256')
})
