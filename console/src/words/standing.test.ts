import { describe, expect, test } from 'vitest'
import { byTier, shares, standingInWords } from './standing.ts'

const count = (tier: number, state: 'found' | 'managed' | 'held', accounts: number) => ({
  tier,
  state,
  accounts,
  category: 'service' as const,
})

describe('the picture of what stands open', () => {
  test('has a row for each tier, and adds its categories up', () => {
    const rows = byTier({ counts: [count(1, 'found', 3), { ...count(1, 'found', 2), category: 'database' }, count(1, 'managed', 4)] })
    expect(rows.map((r) => r.all)).toEqual([0, 9, 0, 0])
    expect(rows[1]).toMatchObject({ label: 'Tier 1 · high', states: { found: 5, managed: 4, held: 0 } })
  })

  test.each([
    [[], 'No privileged account is known yet.'],
    [[count(1, 'managed', 5)], 'All 5 privileged accounts open just in time only.'],
    [[count(1, 'managed', 1)], 'The one privileged account opens just in time only.'],
    [[count(1, 'managed', 4), count(0, 'found', 1)], '1 of 5 privileged accounts stands open.'],
    [[count(1, 'found', 10_000), count(0, 'held', 2)], '10,000 of 10,002 privileged accounts stand open. 2 are held.'],
    [[count(1, 'managed', 4), count(0, 'held', 1)], 'None of 5 privileged accounts stand open. 1 is held.'],
  ])('says in one line what it shows (%#)', (counts, said) => expect(standingInWords({ counts })).toBe(said))

  test('hides nothing that is there, however little', () => {
    expect(shares([1, 9999], 10_000)[0]).toBeGreaterThan(1)
    expect(shares([0, 10], 10)).toEqual([0, 100])
    expect(shares([1, 1, 9998], 10_000).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(100.0001)
    expect(shares([0], 0)).toEqual([0])
  })
})
