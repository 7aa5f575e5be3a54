import { expect, test } from 'vitest'
import { isWithin, parseWindows } from './window.ts'

const saturday = (time: string) => new Date(`2026-01-03T${time}:00Z`)

test('a window is days and hours in UTC; without one everything is within', () => {
  const windows = parseWindows('Sat,Sun 01:00-05:00; 22:00-24:00') ?? []
  expect(windows).toHaveLength(2)
  expect(['00:59', '01:00', '04:59', '05:00', '23:59'].map((t) => isWithin(windows, saturday(t)))).toEqual([false, true, true, false, true])
  expect(isWithin(windows, new Date('2026-01-05T02:00:00Z'))).toBe(false)
  expect(isWithin(parseWindows('') ?? [], saturday('12:00'))).toBe(true)
})

test.each(['x', '25:00-26:00', '05:00-01:00', '01:00-01:00', 'foo 01:00-02:00', '1:00-2:00', '23:00-24:30'])('%s is none', (text) => {
  expect(parseWindows(text)).toBeUndefined()
})
