import { describe, expect, test } from 'vitest'
import { holds, idleAt, keyIsAccepted, passwordProblem, type SignInTimes, signInEnds, sourceNetwork } from './rules.ts'

const at = (text: string) => new Date(`2026-01-01T${text}Z`)

describe('a password', () => {
  test.each([
    ['twelve characters', 'abcdefghijkl'],
    ['a sentence', 'ich habe keine Lust auf Sonderzeichen'],
    ['characters of several bytes', 'пароль из слов'],
  ])('will do with %s', (_what, password) => expect(passwordProblem(password, 'alice')).toBeUndefined())

  test.each([
    ['eleven characters', 'abcdefghijk'],
    ['eleven characters of several bytes', '𝒶𝒷𝒸𝒹𝑒𝒻𝑔𝒽𝒾𝒿𝓀'],
    ['the same few characters', 'abababababababab'],
    ['the own name in it', 'Hello Alice, it is me'],
  ])('will not do with %s', (_what, password) => expect(passwordProblem(password, 'alice')).toMatch(/^It .+\. Take .+\.$/))
})

describe('a sign-in', () => {
  const signIn = (changed: Partial<SignInTimes> = {}): SignInTimes => ({
    createdAt: at('08:00:00'),
    lastSeenAt: at('10:00:00'),
    expiresAt: at('16:00:00'),
    endedAt: null,
    ...changed,
  })

  test.each<[string, Partial<SignInTimes>, string, boolean]>([
    ['used a moment ago', {}, '10:00:01', true],
    ['idle for a second less than fifteen minutes', {}, '10:14:59', true],
    ['idle for fifteen minutes', {}, '10:15:00', false],
    ['at its very end', { lastSeenAt: at('15:59:59') }, '16:00:00', false],
    ['signed out', { endedAt: at('10:00:00') }, '10:00:01', false],
    ['older than eight hours, whatever it says', { lastSeenAt: at('16:00:00'), expiresAt: at('20:00:00') }, '16:00:01', false],
  ])('%s', (_what, changed, now, expected) => expect(holds(signIn(changed), at(now))).toBe(expected))

  test('tells when it would end by itself, never later than its end', () => {
    expect(idleAt(signIn())).toEqual(at('10:15:00'))
    expect(idleAt(signIn({ lastSeenAt: at('15:55:00') }))).toEqual(at('16:00:00'))
  })

  test('lasts eight hours, or as long as the second factor is good for', () => {
    expect(signInEnds(at('08:00:00'), at('20:00:00'))).toEqual(at('16:00:00'))
    expect(signInEnds(at('08:00:00'), at('12:00:00'))).toEqual(at('12:00:00'))
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('counts tries from %s under %s', (address, network) => expect(sourceNetwork(address)).toBe(network))

test.each([
  ['ssh-ed25519', 51, true],
  ['ecdsa-sha2-nistp256', 104, true],
  ['ssh-rsa', 407, true],
  ['ssh-rsa', 279, false],
  ['ssh-dss', 433, false],
  ['ssh-ed25519-cert-v01@openssh.com', 200, false],
])('%s with %i bytes: taken is %s', (type, length, taken) => expect(keyIsAccepted({ type, blob: new Uint8Array(length) })).toBe(taken))
