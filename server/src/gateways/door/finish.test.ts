import { expect, test } from 'vitest'
import { finishMs, hurries } from './finish.ts'

const terms = { idleMs: 900_000, finishMs: 30_000 }

test('a statement finishes when the time is up, and not when a grant is ended before its time', () => {
  expect(finishMs('grant_ended', { terms, remainingMs: -3 })).toBe(30_000)
  expect(finishMs('duration_over', { terms, remainingMs: 0 })).toBe(30_000)
  expect(finishMs('grant_ended', { terms, remainingMs: 600_000 })).toBe(0)
})

test.each(['ended_by_officer', 'idle', 'recording_failed', 'shutting_down', 'closed'] as const)(
  'nothing finishes when it ends as %s',
  (reason) => {
    expect(finishMs(reason, { terms, remainingMs: 0 })).toBe(0)
  },
)

test('an officer does not wait for what finishes', () => {
  expect(hurries('ended_by_officer')).toBe(true)
  expect(hurries('grant_ended')).toBe(false)
})
