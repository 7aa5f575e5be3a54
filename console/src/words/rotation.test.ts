import { describe, expect, test } from 'vitest'
import { batchState, dayInWords, healthInWords, orderState, parts, planInWords, progressInWords, windowsInWords } from './rotation.ts'

test.each([
  [{ state: 'waiting', failures: 0, byReconciler: false }, 'Due'],
  [{ state: 'waiting', failures: 2, byReconciler: false }, 'Tried again'],
  [{ state: 'waiting', failures: 3, byReconciler: true }, 'Being reset'],
  [{ state: 'held', failures: 3, byReconciler: false }, 'Held'],
  [{ state: 'done', failures: 1, byReconciler: false }, 'Done'],
] as const)('an order that is %j is called %s', (order, word) => expect(orderState(order).word).toBe(word))

describe('several that were ordered together', () => {
  const batch = (over: object) => ({ accounts: 8, done: 0, failing: 0, held: 0, ...over })
  test.each([
    [batch({}), 'Running', '0 of 8 done'],
    [batch({ done: 6, failing: 2 }), '2 tried again', '6 of 8 done, 2 tried again'],
    [batch({ done: 6, failing: 1, held: 1 }), '1 held', '6 of 8 done, 1 tried again, 1 held'],
    [batch({ done: 8 }), 'Done', '8 of 8 done'],
  ])('%j', (b, word, words) => {
    expect(batchState(b).word).toBe(word)
    expect(progressInWords(b)).toBe(words)
  })
  test('are drawn as parts of a whole', () => expect(parts(batch({ done: 4, held: 2 })).map((p) => p.share)).toEqual([50, 0, 25]))
})

describe('the plan', () => {
  const day = (rotations: number) => ({ from: '2026-03-04T12:00:00Z', rotations, verifications: 3 })
  test.each([
    [{ days: [day(0)], overdue: 0, later: 0 }, 'Nothing falls due: no account is taken over yet.'],
    [{ days: [day(0)], overdue: 0, later: 4 }, 'Nothing falls due in 1 day.'],
    [{ days: [day(1), day(0)], overdue: 0, later: 4 }, '1 credential falls due in 2 days.'],
    [{ days: [day(1200), day(34)], overdue: 2, later: 4 }, '1,234 credentials fall due in 2 days, 2 are overdue.'],
  ])('says %j', (plan, words) => expect(planInWords(plan)).toBe(words))
  test('calls each day by its date, and what is overdue by that', () => {
    expect(dayInWords(day(5))).toBe('Wed 4 Mar: 5 replaced, 3 tried')
    expect(dayInWords({ from: undefined, rotations: 2, verifications: 0 })).toBe('Overdue: 2')
  })
  test('says when it may begin', () => {
    expect(windowsInWords([])).toBe('By age at any hour')
    expect(windowsInWords([{ days: [6, 0], from: 60, to: 300 }])).toBe('By age only Sat, Sun 01:00–05:00 UTC')
  })
})

test('what the target said of a credential is its newest word', () => {
  const health = { credential: 'password' as const, works: 3, workedAt: '2026-03-04T12:00:00Z', refused: [] as number[], refusedAt: null }
  expect(healthInWords(health)).toEqual({ said: 'v3 opened the target', tone: 'good' })
  expect(healthInWords({ ...health, refused: [3] })).toEqual({ said: 'the target refused v3', tone: 'bad' })
  expect(healthInWords({ ...health, works: null }).tone).toBe('over')
})
