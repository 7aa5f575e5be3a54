import { expect, test } from 'vitest'
import { placeOf } from './error-place.ts'

const said = (rest: string) =>
  `You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '${rest}' at line 1`

test('the place is where the rest of the text begins', () => {
  expect(placeOf(said('from x where 1'), 'select * from from x where 1')).toBe(15)
  expect(placeOf(said("'a' 'b"), "select 😀 'a' 'b")).toBe(10)
})

test('no place where it is not beyond doubt', () => {
  expect(placeOf(said('x'), 'x x')).toBeNull()
  expect(placeOf(said('gone'), 'select 1')).toBeNull()
  expect(placeOf(said(''), 'select')).toBeNull()
  expect(placeOf("Table 'a.b' doesn't exist", 'select * from b')).toBeNull()
})
