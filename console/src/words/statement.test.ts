import type { session } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { filterStatements, heights, took } from './statement.ts'

const statement = (change: Partial<session.Statement>): session.Statement => ({
  ...{ n: 1, seconds: 0, at: '2026-01-01T10:00:00Z', via: 'simple', sql: 'select 1', masked: false, truncated: false, parameters: [] },
  ...{ shortened: false, length: 8, sameTextAs: null, sameParametersAs: null, unsureEncoding: false, escaped: false },
  ...{ outcome: 'ok', durationMs: 1, rows: 1, bytes: 8, tag: 'SELECT 1', sqlState: null, message: null },
  ...change,
})

test.each([
  [null, '–'],
  [0.42, '0.4 ms'],
  [420, '420 ms'],
  [1234, '1.23 s'],
  [90_000, '1 min 30 s'],
])('%j milliseconds are said as %s', (ms, said) => expect(took(ms)).toBe(said))

describe('narrowing the statements', () => {
  const all = [
    statement({ n: 1, sql: 'SELECT * FROM orders' }),
    statement({ n: 2, sql: 'select $1', parameters: ['Orders of May', null] }),
    statement({ n: 3, sql: 'drop table x', outcome: 'failed', message: 'table "x" does not exist' }),
  ]
  test('finds text in SQL, parameters and errors, whatever its case', () => {
    expect(filterStatements(all, ' orders ', undefined).map((s) => s.n)).toEqual([1, 2])
    expect(filterStatements(all, 'does not exist', undefined).map((s) => s.n)).toEqual([3])
  })
  test('and those that came to one end', () => expect(filterStatements(all, '', 'failed').map((s) => s.n)).toEqual([3]))
})

test('a long query does not hide the short ones', () => {
  const [short = 0, long] = heights([9, 99_999])
  expect(long).toBe(1)
  expect(short).toBeGreaterThan(0.1)
  expect(heights([null, 0])).toEqual([0, 0])
})
