import { describe, expect, test } from 'vitest'
import { approveBlocked, can, enough, mayEnd, type RequestState, sees, seesAll, statesFor } from './rules.ts'

const states: RequestState[] = ['waiting', 'queued', 'approved', 'denied', 'withdrawn', 'expired', 'void']

test('a request can do this in each of its states', () => {
  const table = Object.fromEntries(
    (['approve', 'deny', 'withdraw', 'expire', 'void'] as const).map((action) => [action, states.filter((s) => can(action, s))]),
  )
  expect(table).toEqual({
    approve: ['waiting'],
    deny: ['waiting', 'queued'],
    withdraw: ['waiting', 'queued'],
    expire: ['waiting', 'queued'],
    void: ['waiting', 'queued', 'approved'],
  })
  expect(can('approve', 'something else')).toBe(false)
  expect(statesFor('void')).toEqual(['waiting', 'queued', 'approved'])
})

describe('deciding on a request', () => {
  const request = { requester: 'alice', state: 'waiting', votes: [] as string[] }
  const bob = { person: 'bob', groups: ['approvers'] }
  test.each<[string, Partial<typeof request>, typeof bob, string | undefined]>([
    ['an approver', {}, bob, undefined],
    ['security', {}, { person: 'carol', groups: ['security'] }, undefined],
    [
      'the requester, whatever groups they are in',
      {},
      { person: 'alice', groups: ['approvers', 'security', 'administrators'] },
      'access.own_request',
    ],
    ['the requester, also once it is over', { state: 'denied' }, { person: 'alice', groups: ['approvers'] }, 'access.own_request'],
    ['an engineer', {}, { person: 'dan', groups: ['engineers'] }, 'access.not_an_approver'],
    ['an administrator', {}, { person: 'dan', groups: ['administrators'] }, 'access.not_an_approver'],
    ['an auditor', {}, { person: 'dave', groups: ['auditors'] }, 'access.not_an_approver'],
    ['somebody in no group', {}, { person: 'dan', groups: [] }, 'access.not_an_approver'],
    ...states
      .slice(1)
      .map((state) => [`an approver, once it is ${state}`, { state }, bob, 'access.wrong_state'] as [string, object, typeof bob, string]),
    ['an approver who has voted', { votes: ['bob'] }, bob, 'access.voted_already'],
    ['an approver after another', { votes: ['carol'] }, bob, undefined],
  ])('by %s', (_who, over, viewer, blocked) => {
    expect(approveBlocked({ ...request, ...over }, viewer)).toBe(blocked)
  })
})

describe('yes votes are enough', () => {
  const both = ['approvers', 'security']
  test.each<[string, string[][], number, boolean]>([
    ['none where none is needed', [], 0, true],
    ['none where one is needed', [], 1, false],
    ['one where one is needed, from either side', [['approvers']], 1, true],
    ['one where two are needed', [['approvers', 'security']], 2, false],
    ['two of one side', [['approvers'], ['approvers']], 2, false],
    ['two of the other side', [['security'], ['security']], 2, false],
    ['one of each side', [['approvers'], ['security']], 2, true],
    ['one of one side and one of both', [['approvers'], ['approvers', 'security']], 2, true],
    ['three of one side', [['approvers'], ['approvers'], ['approvers']], 2, false],
  ])('%s', (_what, votes, needed, is) => {
    expect(enough(votes, needed, both)).toBe(is)
  })
})

test.each<[string, string, string[], boolean]>([
  ['its holder', 'alice', ['engineers'], true],
  ['security', 'carol', ['security'], true],
  ['who approved it', 'bob', ['approvers'], true],
  ['another approver', 'erin', ['approvers'], false],
  ['an administrator', 'dan', ['administrators'], false],
  ['another engineer', 'erin', ['engineers'], false],
])('a grant may be ended by %s: %s %j %s', (_who, person, groups, may) => {
  expect(mayEnd({ person: 'alice', approvers: ['bob'] }, { person, groups })).toBe(may)
})

test('requests of others are seen by those who decide or look after them', () => {
  expect(['engineers', 'approvers', 'security', 'auditors', 'administrators'].filter((g) => seesAll([g]))).toEqual([
    'approvers',
    'security',
    'auditors',
    'administrators',
  ])
  expect(seesAll([])).toBe(false)
})

test('what is somebody else’s exists only for those who may look at it', () => {
  expect(sees('alice', { person: 'alice', groups: [] })).toBe(true)
  expect(sees('alice', { person: 'erin', groups: ['engineers'] })).toBe(false)
  for (const group of ['approvers', 'security', 'auditors', 'administrators'])
    expect(sees('alice', { person: 'x', groups: [group] })).toBe(true)
})
