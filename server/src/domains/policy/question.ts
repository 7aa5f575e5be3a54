import type { AccountCategory, Environment, Tier } from '../../kernel/tier.ts'
import type { SessionAct } from './session-act.ts'

/** Who asks for what, under which circumstances. Account and target as they stand in their attested rows. */
export interface PolicyQuestion {
  principal: { id: string; groups: readonly string[] }
  action: 'connect' | 'reveal'
  resource: {
    account: { id: string; name: string; category: AccountCategory; tier: Tier; privileges: readonly string[] }
    target: { id: string; name: string; kind: string; environment: Environment; tier: Tier; scopes?: readonly string[] }
  }
  context: {
    seconds: number
    hasItsmTicket: boolean
    /** Distinct valid approvals so far; none when left out. */
    approvals?: number
    approverIsRequester?: boolean
    /** Seconds since the second factor was given. Left out at release it counts as never. */
    mfaAgeSeconds?: number
    /** `request`: may this be asked for, and what must be collected. `release`: everything is collected, decide for good. */
    phase: 'request' | 'release'
  }
}

/** Who does what in a session that runs. */
export interface ActQuestion extends Pick<PolicyQuestion, 'principal' | 'resource'> {
  hasItsmTicket: boolean
  act: SessionAct
  /** The session is one of statements, not of a terminal or of files. */
  statements?: boolean
}

interface Uid {
  type: string
  id: string
}
interface Entity {
  uid: Uid
  attrs: Record<string, string | number | string[]>
  parents: Uid[]
}
export interface CedarQuestion {
  principal: Uid
  action: Uid
  resource: Uid
  context: Record<string, string | number | boolean | string[]>
  entities: Entity[]
}

export const effectiveTier = ({ account, target }: PolicyQuestion['resource']): number => Math.min(account.tier, target.tier)

// some 68 years: older than any limit, and far from where Cedar's arithmetic overflows
const never = 2 ** 31

export function cedarQuestion({ principal, action, resource, context }: PolicyQuestion): CedarQuestion {
  const mfaAgeSeconds = context.mfaAgeSeconds ?? (context.phase === 'release' ? never : 0)
  return about(principal, action, resource, {
    phase: context.phase,
    seconds: context.seconds,
    hasItsmTicket: context.hasItsmTicket,
    approvals: context.approvals ?? 0,
    approverIsRequester: context.approverIsRequester ?? false,
    mfaAgeSeconds: Math.min(never, Math.max(0, Math.ceil(mfaAgeSeconds))),
  })
}

/** Approvals and the second factor were looked at when the session was opened: here they count as none, and as never. */
export function cedarActQuestion({ principal, resource, hasItsmTicket, act }: ActQuestion): CedarQuestion {
  const { action, ...attributes } = act
  const circumstances = { seconds: 0, approvals: 0, approverIsRequester: false, mfaAgeSeconds: never }
  return about(principal, action, resource, { phase: 'session', hasItsmTicket, ...circumstances, ...attributes })
}

/** Every entity and every parent is declared, always: Cedar takes a missing parent for "not in it", and a forbid would vanish. */
function about(
  principal: PolicyQuestion['principal'],
  action: string,
  resource: PolicyQuestion['resource'],
  context: CedarQuestion['context'],
): CedarQuestion {
  const { account, target } = resource
  const tier = effectiveTier(resource)
  const person = { type: 'Person', id: principal.id }
  const groups = unique(principal.groups).map((id) => ({ type: 'Group', id }))
  const place = { type: 'Target', id: target.id }
  const around = [
    { type: 'Environment', id: target.environment },
    { type: 'Kind', id: target.kind },
    ...unique(target.scopes ?? []).map((id) => ({ type: 'Scope', id })),
  ]
  const subject = { type: 'Account', id: account.id }
  const attrs = { name: account.name, category: account.category, tier, privileges: unique(account.privileges) }
  return {
    principal: person,
    action: { type: 'Action', id: action },
    resource: subject,
    context,
    entities: [
      { uid: person, attrs: {}, parents: groups },
      { uid: subject, attrs, parents: [place, { type: 'Tier', id: String(tier) }] },
      { uid: place, attrs: { name: target.name }, parents: around },
      ...[...groups, ...around.filter((p) => p.type !== 'Environment')].map((uid) => ({ uid, attrs: {}, parents: [] })),
    ],
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]
