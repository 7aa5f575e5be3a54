import { expect, test } from 'vitest'
import { barsOf, fullInWords, spellMonths } from './retention.ts'

test('months are years where they are', () => {
  expect([84, 12, 18, 1].map(spellMonths)).toEqual(['7 years', '1 year', '18 months', '1 month'])
})

test('the disk is full in days, in years, or not at all', () => {
  const disk = { free: 1, size: 2, bytesPerDay: 1, fullAt: null }
  expect(fullInWords({ ...disk, fullInDays: 40 }, 1)).toContain('40 days')
  expect(fullInWords({ ...disk, fullInDays: 1000 }, 1)).toContain('2 years')
  expect(fullInWords({ ...disk, fullInDays: null }, 0)).toContain('Nothing was recorded')
  expect(fullInWords({ ...disk, bytesPerDay: 0, fullInDays: null }, 1)).toContain('goes to the bucket')
  expect(fullInWords(null, 1)).toContain('not known')
})

test('bars are of the last months, also of empty ones, and of the coming ones at this rate', () => {
  const bars = barsOf([{ month: '2026-10', recordings: 1, bytes: 5, unmeasured: 0 }], 10, new Date('2026-11-22T00:00:00Z'), {
    ...{ past: 3, coming: 1 },
  })
  expect(bars.map((b) => [b.month, b.bytes, b.forecast])).toEqual([
    ['2026-09', 0, false],
    ['2026-10', 5, false],
    ['2026-11', 0, false],
    ['2026-12', 310, true],
  ])
})
