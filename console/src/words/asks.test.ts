import { expect, test } from 'vitest'
import { blockedInWords, kindInWords, outcomeInWords } from './asks.ts'

const held = {
  person: { id: 'per_aaaaaaaaaa', name: 'alice', displayName: 'Alice Moreau' },
  ...{ account: 'deploy', target: 'web01', act: { action: 'run', command: 'id' } as const },
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
  expect(blockedInWords(null)).toBeUndefined()
  expect(blockedInWords('own')).toContain('Nobody decides on what they do themselves')
  expect(blockedInWords('not_an_approver')).toContain('an approver or a security officer')
})

test('a statement says in which database', () => {
  expect(kindInWords({ action: 'query', database: 'orders', sql: 'delete from x' })).toBe('Statement in database orders')
  expect(kindInWords(held.act)).toBe('Command')
})
