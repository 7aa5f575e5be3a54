import { expect, test } from 'vitest'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { type SignInFace, signInTokens } from './sign-in-tokens.ts'

const keysOf = (fill: number) => ({ keys: () => ({ entry: new Uint8Array(32), role: new Uint8Array(32).fill(fill) }) })
const tokens = signInTokens(keysOf(1))
const face: SignInFace = {
  id: 'sgn_aaaaaaaaaa' as SignInId,
  person: 'per_aaaaaaaaaa' as PersonId,
  kind: 'cli',
  createdAt: new Date('2026-01-01T08:00:00Z'),
  expiresAt: new Date('2026-01-01T16:00:00Z'),
  epoch: 1,
}
const sealed = tokens.sealPresence('the token', face, 'the presence')

test('a presence opens for its token and its sign-in', () => {
  expect(tokens.openPresence('the token', face, sealed)).toBe('the presence')
})

test.each<[string, Partial<SignInFace>]>([
  ['another person', { person: 'per_bbbbbbbbbb' as PersonId }],
  ['another sign-in', { id: 'sgn_bbbbbbbbbb' as SignInId }],
  ['another kind', { kind: 'browser' }],
  ['another beginning', { createdAt: new Date('2026-01-01T08:00:00.001Z') }],
  ['another end', { expiresAt: new Date('2026-01-01T17:00:00Z') }],
  ['another epoch', { epoch: 2 }],
])('it does not open for %s', (_what, changed) => {
  expect(tokens.openPresence('the token', { ...face, ...changed }, sealed)).toBeUndefined()
})

test('it does not open for another token, under another key, or changed', () => {
  expect(tokens.openPresence('the other token', face, sealed)).toBeUndefined()
  expect(signInTokens(keysOf(2)).openPresence('the token', face, sealed)).toBeUndefined()
  for (const broken of ['', 'AAAA', `${sealed.slice(0, -4)}AAAA`]) expect(tokens.openPresence('the token', face, broken)).toBeUndefined()
})

test('a token is stored under a hash that says neither what it is nor what it is for', () => {
  const hash = tokens.hashOf('sign-in', 'the token')
  expect(hash).toEqual(tokens.hashOf('sign-in', 'the token'))
  expect(hash).not.toEqual(tokens.hashOf('challenge', 'the token'))
  expect(hash).not.toEqual(signInTokens(keysOf(2)).hashOf('sign-in', 'the token'))
})
