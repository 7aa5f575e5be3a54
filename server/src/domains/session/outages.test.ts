import { describe, expect, test } from 'vitest'
import { endsNow, type Outages, refusesNew, usualOutageRules } from './outages.ts'

const away = (ms: number): Outages => ({ databaseAwayMs: () => ms, spoolFull: () => false })
const full: Outages = { databaseAwayMs: () => 0, spoolFull: () => true }
const well: Outages = { databaseAwayMs: () => 0, spoolFull: () => false }

describe('without the database', () => {
  test.each([
    [0, 60_000],
    [1, 60_000],
    [2, 900_000],
    [3, 3_600_000],
  ] as const)('a session of tier %i goes on for %i ms, and no longer', (tier, limit) => {
    expect(endsNow(tier, away(limit - 1), usualOutageRules)).toBeUndefined()
    expect(endsNow(tier, away(limit), usualOutageRules)).toBe('database_away')
  })
})

describe('when no more recordings may wait for the bucket', () => {
  test.each([
    [0, 'spool_full'],
    [1, 'spool_full'],
    [2, undefined],
    [3, undefined],
  ] as const)('a running session of tier %i ends for %s', (tier, reason) => {
    expect(endsNow(tier, full, usualOutageRules)).toBe(reason)
    expect(endsNow(tier, well, usualOutageRules)).toBeUndefined()
  })

  test('none begins, of whatever tier, and who asks reads why', () => {
    expect(refusesNew(full)).toMatchObject({ code: 'recording.spool_full', say: expect.stringContaining('bucket') })
    expect(refusesNew(well)).toBeUndefined()
  })
})
