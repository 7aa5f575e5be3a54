import { expect, test } from 'vitest'
import type { CutReason } from '../../gateways/contract.ts'
import { createRunningSessions } from './running-sessions.ts'

test('an end reaches the sessions that it is meant for, and no others', () => {
  const running = createRunningSessions()
  const cut: string[] = []
  const add = (session: string, grant: string) =>
    running.add(session as never, grant as never, (reason: CutReason) => cut.push(`${session} ${reason}`))
  const leave = add('ses_one', 'grt_a')
  add('ses_two', 'grt_a')
  add('ses_three', 'grt_b')
  expect(running.grants()).toEqual(['grt_a', 'grt_b'])
  running.cut('ses_three', 'ended_by_officer')
  running.cut('ses_four', 'ended_by_officer')
  leave()
  running.cutGrant('grt_a', 'grant_ended')
  expect(cut).toEqual(['ses_three ended_by_officer', 'ses_two grant_ended'])
  expect([running.has('ses_one'), running.has('ses_two')]).toEqual([false, true])
})
