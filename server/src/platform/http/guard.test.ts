import type { Group, Who } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { forged, guard } from './guard.ts'
import type { SignedIn } from './handler.ts'

const someone = (...groups: Group[]): SignedIn => ({
  person: 'per_aaaaaaaaaa' as never,
  name: 'x',
  groups,
  presence: 'x',
  signIn: 'sgn_aaaaaaaaaa' as never,
})

describe('an operation', () => {
  test.each<[Who, true | undefined, string, SignedIn | undefined, boolean, string | undefined]>([
    ['anyone', undefined, 'nobody', undefined, false, undefined],
    ['person', undefined, 'nobody', undefined, false, 'http.not_signed_in'],
    ['person', undefined, 'an auditor', someone('auditors'), false, undefined],
    ['person', undefined, 'somebody in no group', someone(), false, undefined],
    [['security'], undefined, 'nobody', undefined, false, 'http.not_signed_in'],
    [['security'], undefined, 'an engineer', someone('engineers'), false, 'http.not_permitted'],
    [['security'], undefined, 'somebody in no group', someone(), false, 'http.not_permitted'],
    [['security', 'auditors'], undefined, 'an auditor', someone('auditors', 'engineers'), false, undefined],
    [['administrators'], true, 'the holder of the setup token', undefined, true, undefined],
    [['administrators'], true, 'nobody', undefined, false, 'http.not_signed_in'],
    [['administrators'], undefined, 'the holder of the setup token, where that does not count', undefined, true, 'http.not_signed_in'],
    [
      ['administrators'],
      undefined,
      'an engineer with the setup token, where that does not count',
      someone('engineers'),
      true,
      'http.not_permitted',
    ],
  ])('for %j (setup: %s) asked by %s', (who, setup, _who, person, token, code) => {
    expect(guard({ who, ...(setup && { setup }) }, person, token)?.body.code).toBe(code)
  })

  test('says whose it is, so that one knows whom to ask', () => {
    expect(guard({ who: ['security', 'auditors'] }, someone('engineers'), false)?.body.message).toContain(
      'a member of security or auditors. You are in engineers.',
    )
  })
})

describe('a request that a foreign page may have sent', () => {
  const host = 'localhost:8200'
  test.each<[string, string, boolean, string | undefined, string | undefined, string | undefined, boolean]>([
    ['reads with a cookie', 'GET', true, undefined, 'http://evil.example', host, false],
    ['writes with a token of its own', 'POST', false, undefined, 'http://evil.example', host, false],
    ['writes with a cookie, from the console', 'POST', true, '1', 'http://localhost:8200', host, false],
    ['writes with a cookie, without an origin (no browser)', 'POST', true, '1', undefined, host, false],
    ['writes with a cookie, from the console over TLS', 'POST', true, '1', 'https://localhost:8200', host, false],
    ['writes with a cookie, without our header', 'POST', true, undefined, 'http://localhost:8200', host, true],
    ['writes with a cookie, with another header value', 'POST', true, 'true', undefined, host, true],
    ['writes with a cookie, from another page', 'POST', true, '1', 'http://evil.example', host, true],
    ['writes with a cookie, from another port of this machine', 'POST', true, '1', 'http://localhost:3000', host, true],
    ['writes with a cookie, from a sandboxed page', 'POST', true, '1', 'null', host, true],
    ['writes with a cookie, from a page whose name begins like ours', 'POST', true, '1', 'http://localhost:8200.evil.example', host, true],
    ['changes with a cookie, without our header', 'PATCH', true, undefined, undefined, host, true],
    ['deletes with a cookie, without our header', 'DELETE', true, undefined, undefined, host, true],
  ])('%s', (_what, method, cookie, marker, origin, to, refused) => {
    expect(forged(method, cookie, marker, origin, to)?.body.code).toBe(refused ? 'http.cross_site' : undefined)
  })
})
