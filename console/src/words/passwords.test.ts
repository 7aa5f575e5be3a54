import { expect, test } from 'vitest'
import { forWhat, sortsInWords } from './passwords.ts'

test('what a password policy is for and asks is said in words', () => {
  expect(forWhat({ tier: null, kind: null, target: null })).toBe('everything')
  expect(forWhat({ tier: 0, kind: 'postgres', target: { id: 'tgt_aaaaaaaaaa', name: 'orders-db' } })).toBe('tier 0, postgres, orders-db')
  expect(sortsInWords(['lower', 'symbol'])).toBe('lower case, signs')
})
