import { describe, expect, test } from 'vitest'
import { distance, exact, localTimes, moment } from './time.ts'

// built from local parts, so that the promises hold in every time zone
const at = (day: number, hour: number, minute: number, year = 2026) => new Date(year, 2, day, hour, minute).getTime()
const now = at(4, 15, 0)

describe('a moment', () => {
  test.each([
    [at(4, 15, 42), '15:42'],
    [at(5, 2, 10), 'tomorrow 02:10'],
    [at(3, 23, 59), 'yesterday 23:59'],
    [at(9, 8, 5), 'Mon 9 Mar, 08:05'],
  ])('is said as near as it is (%i)', (when, said) => expect(moment(when, now)).toBe(said))

  test('of another year names the year', () => expect(moment(at(4, 9, 0, 2024), now)).toContain('2024'))

  test.each([
    [-4_000, 'just now'],
    [-42_000, '42 s ago'],
    [-240_000, '4 min ago'],
    [-7_200_000, '2 h ago'],
    [720_000, 'in 12 min'],
    [172_800_000, 'in 2 days'],
  ])('%i ms away is %s', (away, said) => expect(distance(now + away, now)).toBe(said))

  test('in a sentence of the server is told by the clock of the reader', () => {
    expect(localTimes(`Try again after ${new Date(at(4, 15, 30)).toISOString()}, or ask.`, now)).toBe('Try again after 15:30, or ask.')
  })

  test('carries its time in UTC', () => expect(exact(Date.UTC(2026, 2, 4, 15, 42, 7))).toContain('(2026-03-04T15:42:07Z)'))
})
