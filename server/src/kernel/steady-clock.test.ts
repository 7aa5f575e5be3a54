import { beforeEach, describe, expect, test } from 'vitest'
import { createSteadyClock, type SteadyClock } from './steady-clock.ts'

let wall: number
let mono: number
let clock: SteadyClock
const minute = 60_000
const begun = Date.parse('2026-01-01T10:00:00Z')
const pass = (ms: number) => {
  // looked at every second, as a server does
  for (let left = ms; left > 0; left -= 1_000) {
    wall += Math.min(1_000, left)
    mono += Math.min(1_000, left)
    clock.now()
  }
}
/** Minutes since the beginning. */
const now = () => (clock.now().getTime() - begun) / minute
const start = () => {
  mono = 5_000
  return createSteadyClock({ now: () => new Date(wall), monotonic: () => mono })
}
beforeEach(() => {
  wall = begun
  clock = start()
})

describe('a steady clock', () => {
  test('goes with the wall clock as long as that is not set', () => {
    pass(90 * minute)
    expect(now()).toBe(90)
    expect(clock.behindMs()).toBe(0)
  })

  test('goes on when the wall clock is set back, and says by how much that is behind', () => {
    pass(30 * minute)
    wall -= 24 * 60 * minute
    expect(now()).toBeCloseTo(30, 3)
    pass(30 * minute)
    expect(now()).toBeCloseTo(60, 0)
    expect(clock.behindMs() / minute).toBeCloseTo(24 * 60, 0)
  })

  test('goes on from what was kept, when the wall clock was set back while it did not run', () => {
    pass(30 * minute)
    const kept = clock.believed() as Date
    wall -= 120 * minute
    clock = start()
    clock.raise(kept)
    expect(now()).toBeCloseTo(30, 3)
    pass(minute)
    expect(now()).toBeCloseTo(31, 1)
  })

  test('counts what ran, however often it is started anew with a clock that is set back', () => {
    let kept = new Date(begun)
    for (let starts = 0; starts < 10; starts++) {
      wall = begun - 60 * minute
      clock = start()
      clock.raise(kept)
      pass(5 * minute)
      kept = clock.believed() as Date
    }
    expect(now()).toBeGreaterThan(49.9)
  })

  test('ends early and not late when the wall clock is ahead, and forgets it when it was so for a moment', () => {
    clock.raise(new Date(begun))
    pass(30 * minute)
    wall += 24 * 60 * minute
    expect(now()).toBe(24 * 60 + 30)
    pass(9 * minute)
    wall -= 24 * 60 * minute
    expect(now()).toBeCloseTo(39, 1)
  })

  test('believes a wall clock that was ahead for ten minutes, and then does not go back', () => {
    clock.raise(new Date(begun))
    wall += 24 * 60 * minute
    pass(11 * minute)
    wall -= 24 * 60 * minute
    expect(now()).toBeCloseTo(24 * 60 + 11, 1)
  })

  test('catches up with small steps back, as time services make them', () => {
    pass(30 * minute)
    wall -= 500
    pass(30 * minute)
    expect(clock.behindMs()).toBe(0)
  })

  test('is raised and never lowered', () => {
    clock.raise(new Date(begun + 5 * minute))
    clock.raise(new Date(begun + 2 * minute))
    expect(now()).toBe(5)
  })
})
