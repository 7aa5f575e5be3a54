import { describe, expect, test } from 'vitest'
import { safeDestination, tokenFrom } from './paths.ts'

describe('sign-in leads back', () => {
  test('to where the person wanted to go', () =>
    expect(safeDestination('/approvals/req_aaaaaaaaaa?show=decided')).toBe('/approvals/req_aaaaaaaaaa?show=decided'))

  test.each([
    undefined,
    '',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/a\nb',
    'javascript:alert(1)',
    '/sign-in?to=/x',
    '/setup',
    `/${'a'.repeat(600)}`,
  ])('to the start for %j', (to) => expect(safeDestination(to)).toBe('/'))
})

describe('a one-time link', () => {
  test('carries its token behind the #, which no server log sees', () => expect(tokenFrom('', '#token=abc')).toBe('abc'))
  test('may carry it as a query', () => expect(tokenFrom('?token=abc', '')).toBe('abc'))
  test.each([
    ['', ''],
    ['?token=', ''],
    [`?token=${'a'.repeat(129)}`, ''],
  ])('without a usable token is none (%j)', (search, hash) => expect(tokenFrom(search, hash)).toBeUndefined())
})
