import { expect, test } from 'vitest'
import { placeIn } from './error-place.ts'

test('a place is a line, a column and the word that stands there', () => {
  expect(placeIn('select 1;\nselect nope', 18)).toEqual({ line: 2, column: 8, before: 'select ', at: 'nope', after: '', offset: 17 })
})

test('a character that takes two places in JavaScript is one to a database', () => {
  const sql = "select '😀', nope"
  expect(placeIn(sql, 13)).toMatchObject({ at: 'nope', offset: sql.indexOf('nope') })
})

test('the end of the text, an empty line and what lies outside', () => {
  expect(placeIn('select', 7)).toMatchObject({ line: 1, column: 7, at: '' })
  expect(placeIn('a\n\nb', 3)).toMatchObject({ line: 2, column: 1, at: '' })
  expect(placeIn('select', 9)).toBeUndefined()
})

test('of a long line only what is around it is shown', () => {
  const place = placeIn(`${'x '.repeat(5000)}here ${'y '.repeat(5000)}`, 10_001)
  expect(place).toMatchObject({ at: 'here', column: 10_001 })
  expect(place?.before.length).toBe(60)
  expect(place?.after.length).toBe(60)
})
