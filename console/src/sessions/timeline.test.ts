import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commandAt, idleSeconds, timeline } from './timeline.ts'

describe('a replay that skips idle time', () => {
  const line = timeline([1, 2, 62, 63], true)

  test('waits no longer than the limit', () => expect(line.length).toBe(63 - 60 + idleSeconds))
  test('knows the idle stretch', () => expect(line.gaps).toEqual([[2, 62]]))
  test.each([
    [0, 0],
    [2, 2],
    [32, 3],
    [62, 4],
    [63, 5],
  ])('shows second %i of the session at %i', (session, replay) => {
    expect(line.toReplay(session)).toBeCloseTo(replay)
    expect(line.toSession(replay)).toBeCloseTo(session)
  })
  test('stops at both ends', () => expect([line.toReplay(-5), line.toReplay(999), line.toSession(999)]).toEqual([0, 5, 63]))
})

test('without skipping, both times are the same', () => {
  const line = timeline([1, 2, 62, 63], false)
  expect(line.length).toBe(63)
  expect(line.toReplay(30)).toBe(30)
  expect(line.gaps).toHaveLength(1)
})

test('an empty recording has no length', () => expect(timeline([], true)).toMatchObject({ length: 0, gaps: [] }))

test('the way there and back ends where it began, and never runs backwards', () => {
  const times = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (raw, part) => {
      const sorted = raw.toSorted((a, b) => a - b)
      const line = timeline(sorted, true)
      const at = (sorted.at(-1) ?? 0) * part
      expect(line.toSession(line.toReplay(at))).toBeCloseTo(at, 4)
      expect(line.toReplay(at)).toBeLessThanOrEqual(at + 1e-6)
    }),
  )
})

test.each([
  [0, -1],
  [1, 0],
  [4.95, 1],
  [99, 2],
])('at second %d command %i is running', (at, index) => expect(commandAt([{ seconds: 1 }, { seconds: 5 }, { seconds: 9 }], at)).toBe(index))

test('a command that another follows at once is the one that is running where it begins', () => {
  const commands = [{ seconds: 1 }, { seconds: 1.05 }, { seconds: 9 }]
  expect(commandAt(commands, 1)).toBe(0)
  expect(commandAt(commands, 1.05)).toBe(1)
})
