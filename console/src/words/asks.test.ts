import { expect, test } from 'vitest'
import { askedInWords, blockedInWords, kindInWords, outcomeInWords } from './asks.ts'

const held = {
  person: { id: 'per_aaaaaaaaaa', name: 'alice', displayName: 'Alice Moreau' },
  ...{ account: 'deploy', target: 'web01', action: 'run' as const },
  ...{ decidedBy: null, comment: null, why: null },
}

test('whoever looked at an act that was held reads what became of it', () => {
  expect(outcomeInWords({ ...held, state: 'passed', decidedBy: 'bob' })).toBe(
    'Alice Moreau’s command on deploy@web01 was allowed by bob, and was done, this once.',
  )
  expect(outcomeInWords({ ...held, state: 'refused', decidedBy: 'bob', comment: 'not today' })).toMatch(
    /was refused by bob: not today\. It was not done\.$/,
  )
  expect(outcomeInWords({ ...held, state: 'over', why: 'timed_out' })).toMatch(/was not done: nobody decided in time\.$/)
  expect(outcomeInWords({ ...held, state: 'over' })).toMatch(/was not done: it is not waited for any longer\.$/)
  // a yes that policy took back is no act that was done
  expect(outcomeInWords({ ...held, state: 'over', decidedBy: 'bob', why: 'policy' })).not.toContain('was done')
})

test('why one cannot decide is said, and nothing where one can', () => {
  const asked = { groups: ['security'], names: ['carol'], more: 0 }
  expect(blockedInWords({ blocked: null, asked, unread: null })).toBeUndefined()
  expect(blockedInWords({ blocked: 'own', asked, unread: null })).toBe('Nobody decides on what they do themselves.')
  expect(blockedInWords({ blocked: 'not_an_approver', asked, unread: null })).toBe('Only who is in security decides on this.')
  expect(blockedInWords({ blocked: 'unread', asked, unread: 'altered' })).toContain('not what was asked')
})

test('whom policy asks is named, and nobody whom it does not', () => {
  expect(askedInWords({ groups: ['security'], names: ['carol'], more: 0 })).toBe('Asked: carol (security).')
  expect(askedInWords({ groups: ['approvers', 'security'], names: ['bob', 'carol'], more: 3 })).toBe(
    'Asked: bob, carol and 3 more (approvers or security).',
  )
  expect(askedInWords({ groups: ['security'], names: [], more: 0 })).toBe('Asked: nobody else is in security now.')
})

test('a statement says in which database', () => {
  expect(kindInWords({ action: 'query', database: 'orders', sql: 'delete from x' })).toBe('Statement in database orders')
  expect(kindInWords({ action: 'run', command: 'id' })).toBe('Command')
})
