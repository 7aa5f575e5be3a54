import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type DeadlineTimer, deadlineTimer } from './deadline.ts'

let due: Date[]
let fired: number[]
let failing: boolean
let errors: unknown[]
let asked: number
let timer: DeadlineTimer
const start = new Date('2026-01-01T10:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  due = []
  fired = []
  errors = []
  failing = false
  asked = 0
})
afterEach(async () => {
  await timer.stop()
  vi.useRealTimers()
})

/** Ends everything that is due, as one statement would. */
const run = () => {
  timer = deadlineTimer({
    async next() {
      asked += 1
      return due.toSorted((a, b) => a.getTime() - b.getTime())[0]
    },
    async fire() {
      if (failing) throw new Error('the database is away')
      fired.push((Date.now() - start.getTime()) / 1000)
      due = due.filter((d) => d.getTime() > Date.now())
    },
    onError: (error) => errors.push(error),
  })
}

describe('the timer of many deadlines', () => {
  test('fires at the moment of each, and once for those of the same moment', async () => {
    due = [at(20), at(5), at(20)]
    run()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fired).toEqual([5, 20])
  })

  test('fires at once for what came due while nobody looked', async () => {
    due = [at(-3600)]
    run()
    await vi.advanceTimersByTimeAsync(1)
    expect(fired).toEqual([0])
  })

  test('is told of a nearer one', async () => {
    due = [at(50)]
    run()
    await vi.advanceTimersByTimeAsync(1_000)
    due.push(at(3))
    timer.wake()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(fired).toEqual([3])
  })

  test('looks again by itself, should nobody tell it', async () => {
    run()
    await vi.advanceTimersByTimeAsync(1_000)
    due.push(at(30))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fired).toEqual([60])
  })

  test('sleeps through deadlines that are further away than a timer counts', async () => {
    due = [at(30 * 86_400)]
    run()
    await vi.advanceTimersByTimeAsync(29 * 86_400_000)
    expect(fired).toEqual([])
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(fired).toEqual([30 * 86_400])
  })

  test('tries again after a failure, ever more slowly, and at its old pace once it works', async () => {
    failing = true
    due = [at(0)]
    run()
    await vi.advanceTimersByTimeAsync(0)
    await vi.advanceTimersByTimeAsync(7_000)
    expect(errors).toHaveLength(4) // at 0, 1, 3 and 7 seconds
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(errors.length).toBeLessThan(75)
    failing = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fired).toHaveLength(1)
  })

  test('does not turn in circles when what is due is held by somebody else', async () => {
    timer = deadlineTimer({
      next: async () => {
        asked += 1
        return at(0)
      },
      fire: async () => undefined,
      onError: (error) => errors.push(error),
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(30)
  })

  test('does nothing any more once it was stopped', async () => {
    due = [at(5)]
    run()
    await vi.advanceTimersByTimeAsync(1_000)
    await timer.stop()
    timer.wake()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fired).toEqual([])
  })
})
