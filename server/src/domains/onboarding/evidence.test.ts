import { expect, test } from 'vitest'
import { standingOf } from './evidence.ts'

const now = new Date('2026-01-10T10:00:00Z')
const whole = { observedSince: new Date('2026-01-03T09:00:00Z'), now, days: 7, seen: ['10.0.0.5'], told: ['10.0.0.5', '10.0.0.6'] }

test.each([
  ['stands', {}],
  ['too_young', { observedSince: new Date('2026-01-03T11:00:00Z') }],
  ['not_looked_at', { days: 6 }],
  ['nobody_seen', { seen: [] }],
  ['unknown_login', { seen: ['10.0.0.5', '10.0.0.7'] }],
  ['unknown_login', { told: [] }],
] as const)('login evidence: %s with %j', (standing, over) => {
  expect(standingOf({ ...whole, ...over })).toBe(standing)
})
