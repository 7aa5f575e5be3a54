import type { activations as api } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

type Facts = Parameters<Shell['print']['facts']>[0]

/** What it waits for, in a word. */
export const stateOf = ({ state }: Pick<api.Activation, 'state'>): string =>
  ({
    waiting: 'waits for its second person',
    approved: 'waits for its custodians',
    active: 'RUNS',
    ended: 'ended; its review is open',
    reviewed: 'reviewed',
    withdrawn: 'withdrawn',
    expired: 'expired',
  })[state]

export const named = (a: Pick<api.Activation, 'accounts'>): string => a.accounts.map((one) => `${one.name}@${one.target}`).join(', ')

export function activationFacts(print: Shell['print'], a: api.Activation): Facts {
  return [
    [a.kind === 'drill' ? 'drill' : 'activation', a.id],
    ['accounts', named(a)],
    ['state', a.kind === 'drill' && a.state === 'ended' ? 'ended' : stateOf(a), a.state === 'active' ? 'red' : undefined],
    ['people', [a.requester.name, a.approver?.name ?? 'a second one'].join(' and ')],
    ['reason', a.reason],
    ...(a.endsAt && a.state === 'active' ? [['until', print.time(a.endsAt)] as const] : []),
    ...(a.endedAt ? [['ended', `${print.time(a.endedAt)}: ${a.endReason ?? ''}`] as const] : []),
    ...(a.steps ?? []).map((s) => [s.step, `${s.ok ? 'ok' : 'FAILED'}, ${s.detail} (${s.seconds} s)`, s.ok ? 'green' : 'red'] as const),
    ...(a.review ? [['review', `${a.reviewer?.name}: ${a.review}`] as const] : []),
  ]
}
