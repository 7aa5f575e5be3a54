import { expect, test } from 'vitest'
import { forWhat, keptInWords, sortsInWords } from './passwords.ts'

test('what a password policy is for and asks is said in words', () => {
  expect(forWhat({ tier: null, kind: null, target: null })).toBe('everything')
  expect(forWhat({ tier: 0, kind: 'postgres', target: { id: 'tgt_aaaaaaaaaa', name: 'orders-db' } })).toBe('tier 0, postgres, orders-db')
  expect(sortsInWords(['lower', 'symbol'])).toBe('lower case, signs')
})

test('how long versions are kept is said in words', () => {
  expect(keptInWords({ state: 'off', keep: 10, days: 365 })).toBe('Every version is kept, for ever.')
  expect(keptInWords({ state: 'on', keep: 3, days: 30 })).toContain('newest 3 are kept, and all for at least 30 days')
})
