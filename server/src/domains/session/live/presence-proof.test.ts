import { expect, test } from 'vitest'
import { newChallenge, proofOf, proves } from './presence-proof.ts'

const key = Buffer.alloc(32, 1)
const who = { session: 'ses_aaaaaaaaaa', watch: 'wat_aaaaaaaaaa', person: 'per_aaaaaaaaaa', kind: 'announced' as const }
const challenge = newChallenge()
const proof = proofOf(key, who, challenge)

test('a proof is good for who gave it, to what they were asked', () => {
  expect(proves(key, who, challenge, proof)).toBe(true)
})

test.each([
  ['session', key, { ...who, session: 'ses_bbbbbbbbbb' }, challenge],
  ['watch', key, { ...who, watch: 'wat_bbbbbbbbbb' }, challenge],
  ['person', key, { ...who, person: 'per_bbbbbbbbbb' }, challenge],
  ['way of watching', key, { ...who, kind: 'covert' as const }, challenge],
  ['recording', Buffer.alloc(32, 2), who, challenge],
  ['question', key, who, newChallenge()],
])('and for no other %s', (_what, with_, of, asked) => {
  expect(proves(with_, of, asked, proof)).toBe(false)
})
