import { expect, test } from 'vitest'
import type { CutReason } from '../../gateways/contract.ts'
import { createRunningSessions, type Reached } from './running-sessions.ts'

const reached = (cut: (reason: CutReason) => void, grant = 'grt_aaaaaaaaaa'): Reached => ({
  grant: grant as never,
  endsAt: new Date(),
  cut,
  ordered: () => cut('ended_by_officer'),
  extend: () => undefined,
  attend: () => undefined,
  look: () => undefined,
})

test('an end reaches the sessions that it is meant for, and no others', () => {
  const running = createRunningSessions()
  const cut: string[] = []
  const add = (session: string, grant: string) =>
    running.add(
      session as never,
      reached((reason) => cut.push(`${session} ${reason}`), grant),
    )
  const leave = add('ses_one', 'grt_a')
  add('ses_two', 'grt_a')
  add('ses_three', 'grt_b')
  expect(running.grants()).toEqual(['grt_a', 'grt_b'])
  running.endOrdered('ses_three')
  running.endOrdered('ses_four')
  leave()
  for (const session of running.of('grt_a')) session.cut('grant_ended')
  expect(cut).toEqual(['ses_three ended_by_officer', 'ses_two grant_ended'])
  expect([running.has('ses_one'), running.has('ses_two')]).toEqual([false, true])
})

test('an end that is ordered while its session is still being opened meets it when it is open', () => {
  const running = createRunningSessions()
  running.endOrdered('ses_aaaaaaaaaa')
  const cuts: CutReason[] = []
  running.add(
    'ses_aaaaaaaaaa' as never,
    reached((reason) => cuts.push(reason)),
  )
  expect(cuts).toEqual(['ended_by_officer'])
})

test('ends of sessions that are carried elsewhere do not fill the memory', () => {
  const running = createRunningSessions()
  for (let i = 0; i < 2000; i++) running.endOrdered(`ses_${i}`)
  const cuts: CutReason[] = []
  running.add(
    'ses_0' as never,
    reached((reason) => cuts.push(reason)),
  )
  running.add(
    'ses_1999' as never,
    reached((reason) => cuts.push(reason)),
  )
  expect(cuts).toEqual(['ended_by_officer'])
})
