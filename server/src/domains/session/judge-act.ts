import type { Meanwhile, Refusal } from '../../gateways/contract.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { SessionAct } from '../policy/index.ts'
import type { DoneIn, Holding } from './asks/hold-act.ts'
import { type QueryText, shownAct } from './asks/shown-act.ts'
import { actAlarm, actRefused } from './events.ts'
import type { OpenSessionDeps } from './opening.ts'

/** Whose session something is done in. */
export interface InSession extends DoneIn {
  /** Where acts wait for somebody else's word. */
  holding: Holding
  /** The target is in scope pci. */
  withoutCards: boolean
}

export type JudgeDeps = Pick<OpenSessionDeps, 'keeper' | 'audit'>

/** How an act is asked about. `sql`: the text of a query. `unseen`: why a yes to it could not be for this once. `later`: nobody else is asked yet. */
export interface Asking extends Meanwhile {
  sql?: QueryText
  unseen?: string | undefined
  later?: boolean
}

/** A yes; to a transfer it is good for fewer than `until` bytes, or for any number. `each`: somebody else is asked each time that it is done. */
export interface Yes {
  until: number | null
  each?: true
}

/**
 * Asks policy about one act in a session, and somebody else where policy wants that. A no, and a yes that officers shall hear of, stand in the ledger
 * before anything happens.
 */
export async function judgeAct(deps: JudgeDeps, of: InSession, act: SessionAct, asking: Asking = {}): Promise<Result<Yes, Refusal>> {
  const { keeper, audit } = deps
  const judged = await keeper.ask('judge', { session: of.session, act })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  const { consequence, say, because, until, ask } = judged.value
  if (consequence === 'allow') return ok({ until })
  if (consequence === 'alert') {
    await audit.note(actAlarm(factsOf(of, act, because)), of.person, { phase: 'alarm', intent: of.intent })
    return ok({ until })
  }
  if (!ask) return await refuseAct(deps, of, act, because, say ?? 'Policy does not let this pass. Ask an administrator.')
  if (asking.unseen !== undefined) return await refuseAct(deps, of, act, because, asking.unseen)
  const shown = shownAct(act, { until, ...(asking.sql && { sql: asking.sql }), withoutCards: of.withoutCards })
  if (!shown.ok) return await refuseAct(deps, of, act, because, shown.error.say)
  if (asking.later) return ok({ until, each: true })
  const allowed = await of.holding.hold(of, { act, shown: shown.value, because, ask }, asking)
  return allowed.ok ? ok({ until }) : allowed
}

/** A no that stands in the ledger. */
export async function refuseAct(
  { audit }: Pick<JudgeDeps, 'audit'>,
  of: InSession,
  act: SessionAct,
  because: readonly string[],
  say: string,
): Promise<Result<never, Refusal>> {
  await audit.note(actRefused(factsOf(of, act, because)), of.person, { phase: 'refused', intent: of.intent })
  return fail({ code: 'session.act_refused', say })
}

function factsOf({ session, account }: InSession, act: SessionAct, because: readonly string[]) {
  const { action, ...what } = act
  return { session, account, action, because: because.join(' '), what: JSON.stringify(what).slice(0, 2000) }
}
