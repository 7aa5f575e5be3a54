import type { access } from '@claviger/api'
import type { Style } from '../kit/text.ts'
import { spell } from '../kit/times.ts'

/** How states and tiers look, the same in every list. */
export const tierStyle = ({ tier }: { tier: number }): Style | undefined => (['red', 'yellow', undefined, 'dim'] as const)[tier]

const styles: Record<string, Style> = {
  waiting: 'yellow',
  queued: 'yellow',
  returned: 'yellow',
  opening: 'yellow',
  found: 'yellow',
  approved: 'green',
  active: 'green',
  running: 'green',
  managed: 'green',
  done: 'green',
  denied: 'red',
  void: 'red',
  held: 'red',
  failed: 'red',
  interrupted: 'red',
  refused: 'red',
}
export const stateStyle = ({ state }: { state: string }): Style | undefined => styles[state] ?? 'dim'

/** What policy demands, in words. */
export function demands({ approvals, maxSeconds, itsmTicket, mfa, reveal, session }: access.Obligations): string {
  const parts = [
    approvals === 0 ? 'no approval' : approvals === 1 ? '1 approval' : `${approvals} approvals`,
    `at most ${spell(maxSeconds)}`,
    'recorded',
    ...(itsmTicket ? ['an ITSM ticket'] : []),
    ...(mfa === 'fresh' ? ['a fresh code'] : []),
    ...(session?.sessions ? [sessionsAtOnce(session.sessions)] : []),
    ...(session?.supervised ? ['sessions only while somebody watches'] : []),
    ...(session?.resultBytes ? [`keeps ${session.resultBytes / 1024} KiB of what each statement gives back`] : []),
    reveal === 'never' ? 'credential never shown' : 'credential may be shown',
  ]
  return parts.join(', ')
}

const sessionsAtOnce = (most: number): string => (most === 1 ? 'one session at once' : `at most ${most} sessions at once`)
