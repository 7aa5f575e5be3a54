import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

const longest = 366 * 86_400

describe('a duration', () => {
  test('reads as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longest }), (seconds) => void expect(parseDuration(formatDuration(seconds))).toBe(seconds)),
    )
  })

  test.each([
    ['90s', 90],
    ['20m', 1200],
    ['4h', 14_400],
    ['1h30m', 5400],
    ['1d', 86_400],
    ['366d', longest],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test.each(['', '5', 'h', '-1h', '1.5h', '1 h', '1h ', '0s', '367d', '9999999s', '1h1h1h1h1h', '1w', '1H', '１h', '1e3s'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  test('never says less than nothing', () => {
    expect([formatDuration(0), formatDuration(-5)]).toEqual(['0s', '0s'])
  })
})
