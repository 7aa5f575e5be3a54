import type { checkOut } from '@claviger/api'
import { expect, test } from 'vitest'
import { whyQueued } from './check-out.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const out = (over: Partial<checkOut.CheckOut>): checkOut.CheckOut => ({
  ...{ account: 'acc_aaaaaaaaaa', mode: 'exclusive', state: 'free', holder: null, grant: null, action: null, until: null },
  ...{ trouble: null, queue: [], position: 1, actions: ['reveal'], ...over },
})
const holder = { id: 'per_aaaaaaaaaa', name: 'erin', displayName: 'Erin Aalto' }

test('who waits in the queue reads who has the account and until when', () =>
  expect(whyQueued(out({ state: 'held', holder, until: '2026-03-04T12:30:00Z' }), now)).toMatch(/^Erin Aalto has it until \d\d:30\.$/))

test('and that it is back but not free yet, with what stands in the way', () => {
  expect(whyQueued(out({ state: 'returned', holder }), now)).toBe('It is back, and its credential is being replaced.')
  expect(whyQueued(out({ state: 'returned', holder, trouble: 'target.unreachable' }), now)).toMatch(
    /could not be replaced yet \(target\.unreachable\)/,
  )
})

test('where several use it, that it begins when they are done', () => expect(whyQueued(out({}), now)).toMatch(/^Others use it/))
