import { expect, test } from 'vitest'
import { tierLabel } from './tier.ts'

test('a tier is always shown with its word, for others count differently', () => {
  expect(([0, 1, 2, 3] as const).map(tierLabel)).toEqual(['Tier 0 · critical', 'Tier 1 · high', 'Tier 2 · standard', 'Tier 3 · low'])
})
