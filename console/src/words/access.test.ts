import { describe, expect, test } from 'vitest'
import { request } from '../testing/request.ts'
import { approvalsMissing, changedSince, obligationsInWords, outcome, privilegesInWords, stateOf } from './access.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const bob = { id: 'per_bbbbbbbbbb', name: 'bob', displayName: 'Bob' }
const yes = {
  id: 'apr_aaaaaaaaaa',
  approver: bob,
  verdict: 'approved' as const,
  comment: null,
  at: '2026-03-04T11:59:00Z',
  factor: 'totp' as const,
}
const grant = {
  id: 'grt_aaaaaaaaaa',
  request: 'req_aaaaaaaaaa',
  person: request().requester,
  account: 'deploy',
  target: 'web01',
  action: 'connect' as const,
  exclusive: false,
  state: 'active' as const,
  startsAt: '2026-03-04T11:59:00Z',
  endsAt: '2026-03-04T12:59:00Z',
  endedAt: null,
  endReason: null,
}

describe('what became of a request', () => {
  test('names how many approvals it still waits for', () => {
    const r = request({ obligations: { ...request().obligations, approvals: 2 }, approvals: [yes] })
    expect(approvalsMissing(r)).toBe(1)
    expect(outcome(r, now)).toMatch(/^Bob approved\. Waiting for one more approval until /)
  })

  test('says who approved and until when', () => {
    const r = request({ state: 'approved', approvals: [yes], grant })
    expect(outcome(r, now)).toMatch(/^Approved by Bob\. Alice may connect until \d\d:59\.$/)
    expect(stateOf(r)).toEqual({ word: 'Active', tone: 'good' })
  })

  test('says that a grant was ended, and why', () => {
    const r = request({
      state: 'approved',
      approvals: [yes],
      grant: { ...grant, state: 'ended', endedAt: now_(5), endReason: 'approved by mistake' },
    })
    expect(outcome(r, now)).toContain('approved by mistake')
    expect(stateOf(r).word).toBe('Ended')
  })

  test('says that a request waits for its account, and at which place', () => {
    const r = request({ state: 'queued', position: 2, approvals: [yes] })
    expect(outcome(r, now)).toBe('Approved by Bob. Number 2 in the queue for this account; it begins by itself when its turn comes.')
    expect(stateOf(r)).toEqual({ word: 'Queued', tone: 'wait' })
  })

  test('says that a credential may be seen', () => {
    const r = request({ state: 'approved', approvals: [yes], action: 'reveal', grant: { ...grant, action: 'reveal', exclusive: true } })
    expect(outcome(r, now)).toMatch(/Alice may see the credential until/)
  })

  test.each([
    ['withdrawn', 'Alice withdrew it.'],
    ['denied', 'It was denied.'],
    ['void', 'The address of web01 changed.'],
  ] as const)('tells a %s one apart', (state, said) => {
    expect(outcome(request({ state, voidReason: state === 'void' ? 'The address of web01 changed.' : null }), now)).toBe(said)
  })
})

describe('a person about to decide', () => {
  test('is told nothing while what they saw stands', () => expect(changedSince(request(), request(), now)).toBeUndefined())
  test('is told that it was withdrawn', () =>
    expect(changedSince(request(), request({ state: 'withdrawn' }), now)).toBe('Withdrawn in the meantime. Alice withdrew it.'))
  test('is told that it is no longer the same request', () =>
    expect(changedSince(request(), request({ digest: 'b'.repeat(64) }), now)).toContain('has changed since you opened this'))
})

test('what policy demands is said in sentences', () => {
  expect(obligationsInWords(request().obligations)).toEqual([
    'One approval, by someone else',
    'At most 4 h',
    'A fresh code when the session opens',
    'Every session is recorded',
    'The credential is used for the person, never shown',
  ])
  const session = { idleSeconds: 900, longestSeconds: 28_800, finishSeconds: 0, supervised: false, sessions: 5 }
  expect(obligationsInWords({ ...request().obligations, session })).toContain('At most 5 sessions at once')
  const seen = obligationsInWords({ ...request().obligations, reveal: 'allowed' }, 'reveal')
  expect(seen).toContain('A fresh code each time it is shown')
  expect(seen).not.toContain('Every session is recorded')
})

test('a privilege without words of ours is shown as the target names it', () => {
  expect(privilegesInWords(['sudo', 'member of app_admin'])).toEqual(['may become root with sudo', 'member of app_admin'])
})

function now_(minutes: number): string {
  return new Date(now + minutes * 60_000).toISOString()
}
