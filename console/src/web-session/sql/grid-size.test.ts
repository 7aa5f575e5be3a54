import { expect, test } from 'vitest'
import { drawn, isNumber, moved, rowHeight, widthsOf } from './grid-size.ts'

test('no more rows are drawn than are seen, and some beside them, however many there are', () => {
  for (const scrolled of [0, 500 * rowHeight, 999_990 * rowHeight]) {
    const [from, to] = drawn(1_000_000, scrolled)
    expect(to - from).toBeLessThan(40)
    expect(from).toBeLessThanOrEqual(scrolled / rowHeight)
  }
  expect(drawn(3, 0)).toEqual([0, 3])
})

test('a column is as wide as its name or values, within bounds', () => {
  const columns = ['a', 'a longer name', 'b'].map((name) => ({ name, type: 'text' }))
  expect(widthsOf({ columns, rows: [['1', null, 'x'.repeat(900)]] })).toEqual([5, 13, 40])
})

test.each([
  ['ArrowDown', false, { row: 6, column: 2 }],
  ['ArrowLeft', false, { row: 5, column: 1 }],
  ['Home', false, { row: 5, column: 0 }],
  ['End', true, { row: 9, column: 3 }],
  ['Home', true, { row: 0, column: 0 }],
  ['PageDown', false, { row: 9, column: 2 }],
  ['x', false, undefined],
] as const)('%s (with Ctrl: %s) leads where people expect', (key, far, to) => {
  expect(moved({ row: 5, column: 2 }, key, far, { rows: 10, columns: 4 })).toEqual(to)
})

test('numbers of both databases are known', () => {
  expect(['int4', 'bigint unsigned', 'numeric', 'decimal', 'text', 'int4[]', 'date'].map(isNumber)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
