import { describe, expect, test } from 'vitest'
import { blockedBy } from './form.ts'

const fields = { account: 'deploy@web01', duration: '1h', reason: 'restart the queue', ticket: '' }
const obligations = { approvals: 1, maxSeconds: 7200, itsmTicket: false, mfa: 'fresh', reveal: 'never', recorded: true } as const
const preview = { allowed: true, obligations, because: [], message: null, approvers: ['bob'] }

describe('a new request', () => {
  test('can be sent once everything that policy asks for is there', () => expect(blockedBy(fields, preview)).toBeUndefined())
  test('can be sent with a ticket that was not asked for', () =>
    expect(blockedBy({ ...fields, ticket: ' CHG0012345 ' }, preview)).toBeUndefined())
  test('can be sent before policy has answered: the server decides', () => expect(blockedBy(fields, undefined)).toBeUndefined())

  test.each([
    [{ account: 'deploy' }, preview, /account and its target/],
    [{ duration: 'soon' }, preview, /45m/],
    [{ duration: '4h' }, preview, /at most 2 h/],
    [{ reason: '  ' }, preview, /reason/],
    [{}, { ...preview, obligations: { ...obligations, itsmTicket: true } }, /ITSM ticket/],
    [{ ticket: 'none' }, preview, /CHG0012345/],
    [{ ticket: 'CHG 12' }, preview, /CHG0012345/],
    [{}, { ...preview, allowed: false, message: 'Auditors cannot connect.' }, /Auditors cannot connect/],
  ])('waits while %j', (change, answer, why) => expect(blockedBy({ ...fields, ...change }, answer)).toMatch(why))
})
