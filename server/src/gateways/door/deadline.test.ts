import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextMoment, watchDeadline } from './deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock = { now: () => new Date(), monotonic: () => performance.now() }
const minute = 60_000

function watch(remainingMs: number) {
  const seen: string[] = []
  const started = clock.monotonic()
  const at = () => Math.round((clock.monotonic() - started) / 1000)
  const deadline = watchDeadline(remainingMs, { clock, warn: (s) => seen.push(`${at()}s ${s}`), ended: () => seen.push(`${at()}s end`) })
  return { seen, deadline }
}

test('an hour is announced at fifteen, five and one minute and ten seconds, and ends at the second', () => {
  const { seen } = watch(60 * minute)
  vi.advanceTimersByTime(61 * minute)
  expect(seen).toEqual([
    '2700s This grant ends in 15m.',
    '3300s This grant ends in 5m.',
    '3540s This grant ends in 1m.',
    '3590s This grant ends in 10s.',
    '3600s end',
  ])
})

test('a short grant gets only the warnings that it is longer than', () => {
  const { seen } = watch(20_000)
  vi.advanceTimersByTime(minute)
  expect(seen).toEqual(['10s This grant ends in 10s.', '20s end'])
})

test('a grant of exactly ten seconds ends without a warning', () => {
  const { seen } = watch(10_000)
  vi.advanceTimersByTime(minute)
  expect(seen).toEqual(['10s end'])
})

test('a grant that is over already ends at once', () => {
  const { seen } = watch(-5)
  vi.advanceTimersByTime(1)
  expect(seen).toEqual(['0s end'])
})

test('nothing happens after it was stopped', () => {
  const { seen, deadline } = watch(20_000)
  deadline.stop()
  vi.advanceTimersByTime(minute)
  expect(seen).toEqual([])
})

test('a changed wall clock moves nothing', () => {
  const { seen } = watch(20_000)
  vi.setSystemTime(Date.now() + 365 * 24 * 3_600_000)
  vi.advanceTimersByTime(9_000)
  expect(seen).toEqual([])
})

test('no wait is longer than a timer can be', () => {
  expect(nextMoment(400 * 24 * 60 * minute)).toEqual({ wait: 24 * 60 * minute, warnAt: 15 * minute })
})

test('more time moves the end, is said, and is announced anew', () => {
  const { seen, deadline } = watch(20_000)
  vi.advanceTimersByTime(15_000)
  deadline.extend(30_000)
  vi.advanceTimersByTime(5 * minute)
  expect(seen).toEqual([
    '10s This grant ends in 10s.',
    '15s This grant was given more time: it ends in 30s.',
    '35s This grant ends in 10s.',
    '45s end',
  ])
})

test('an earlier end is not taken, and a session that has ended stays ended', () => {
  const { seen, deadline } = watch(10_000)
  deadline.extend(5_000)
  vi.advanceTimersByTime(minute)
  deadline.extend(60_000)
  vi.advanceTimersByTime(5 * minute)
  expect(seen).toEqual(['10s end'])
})
