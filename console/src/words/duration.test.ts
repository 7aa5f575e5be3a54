import { describe, expect, test } from 'vitest'
import { clock, inWords, readDuration, toSeconds } from './duration.ts'

describe('a duration', () => {
  test.each([
    ['45m', 2700],
    ['1h30m', 5400],
    ['20s', 20],
    ['2d', 172_800],
  ])('%s is read as %i seconds', (text, seconds) => expect(toSeconds(text)).toBe(seconds))

  test.each(['', '0m', '1 h', '-5m', 'soon', '1h1h1h1h1h'])('%j is none', (text) => expect(toSeconds(text)).toBeUndefined())

  test.each([
    ['90', '90m'],
    ['1 h 30 min', '1h30m'],
    ['2 hours', '2h'],
    [' 45 Minutes ', '45m'],
  ])('typed as %j goes to the API as %s', (typed, sent) => expect(readDuration(typed)).toBe(sent))

  test('that cannot be understood is not guessed', () => expect(readDuration('until lunch')).toBeUndefined())

  test.each([
    [5400, '1 h 30 min'],
    [3600, '1 h'],
    [20, '20 s'],
    [90_061, '1 day 1 h'],
    [0, 'under 1 s'],
  ])('of %i seconds is said as %s', (seconds, said) => expect(inWords(seconds)).toBe(said))

  test.each([
    [65, '1:05'],
    [3725, '1:02:05'],
    [0.4, '0:00'],
  ])('%d seconds into a recording is shown as %s', (seconds, shown) => expect(clock(seconds)).toBe(shown))
})
