import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchIdle } from './idle.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock = { now: () => new Date(), monotonic: () => performance.now() }
const minute = 60_000

function watch(limitMs: number) {
  const seen: string[] = []
  return { seen, idle: watchIdle(limitMs, { clock, warn: () => seen.push('warned'), idle: () => seen.push('ended') }) }
}

test('who does nothing is told a minute before, then it ends', () => {
  const { seen } = watch(15 * minute)
  vi.advanceTimersByTime(14 * minute - 1)
  expect(seen).toEqual([])
  vi.advanceTimersByTime(1)
  expect(seen).toEqual(['warned'])
  vi.advanceTimersByTime(minute)
  expect(seen).toEqual(['warned', 'ended'])
})

test('a sign of life starts the time again, also after the warning', () => {
  const { seen, idle } = watch(15 * minute)
  vi.advanceTimersByTime(14.5 * minute)
  idle.touch()
  vi.advanceTimersByTime(13.9 * minute)
  expect(seen).toEqual(['warned'])
  vi.advanceTimersByTime(1.1 * minute)
  expect(seen).toEqual(['warned', 'warned', 'ended'])
})

test('a short limit ends without a warning', () => {
  const { seen } = watch(minute)
  vi.advanceTimersByTime(minute)
  expect(seen).toEqual(['ended'])
})

test('nothing happens after it was stopped', () => {
  const { seen, idle } = watch(minute)
  idle.stop()
  vi.advanceTimersByTime(5 * minute)
  expect(seen).toEqual([])
})
