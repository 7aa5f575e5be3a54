import type { policy } from '@claviger/api'
import { spell } from '../../kit/times.ts'

const kinds = { run: 'commands', transfer: 'transfers', query: 'statements', forward: 'forwarded connections' } as const

/** What becomes of which acts. */
export function ofActs(acts: policy.PolicyActEffect['before']): string {
  if (acts === null) return 'nothing'
  const what = `${acts.conditional ? 'some ' : ''}${acts.actions.map((one) => kinds[one]).join(', ')}`
  if (acts.act === 'ask') return `${what} held, at most ${spell(acts.waitSeconds ?? 0)}`
  return `${what} pass${acts.act === 'alert' ? ', with an alarm' : ''}`
}

/** Who would be asked about what is held. */
export function askedFor(asked: policy.PolicyActEffect['asked']): string {
  if (asked === null) return '–'
  const names = [...asked.names, ...(asked.more > 0 ? [`${asked.more} more`] : [])].join(', ')
  return `${names || 'nobody: refused'} (${asked.groups.join(' or ')})`
}
