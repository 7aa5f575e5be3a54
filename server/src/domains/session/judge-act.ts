import type { Meanwhile, Refusal } from '../../gateways/contract.ts'
import type { AnswerOf } from '../../keeper/contract.ts'
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
  /** It is one of statements: a file in it is one of the person's machine, and becomes rows of a table. */
  statements: boolean
}

export type JudgeDeps = Pick<OpenSessionDeps, 'keeper' | 'audit'>

/**
 * How an act is asked about. `sql`: the text of a query. `unseen`: why a yes to it could not be for this once. `later`: nobody else is asked yet. `or`: what it is
 * instead, where nobody knows which before it is done: both have to pass, by one yes. `allowed`: it belongs to what somebody else said yes to.
 */
export interface Asking extends Meanwhile {
  sql?: QueryText
  unseen?: string | undefined
  later?: boolean
  or?: SessionAct
  allowed?: boolean
}

/**
 * A yes; to a transfer it is good for fewer than `until` bytes, or for any number. `each`: somebody else is asked each time that it is done. `asked`: somebody else
 * gave it, to this.
 */
export interface Yes {
  until: number | null
  each?: true
  asked?: true
}

/**
 * Asks policy about one act in a session, and somebody else where policy wants that. A no, and a yes that officers shall hear of, stand in the ledger
 * before anything happens.
 */
export async function judgeAct(deps: JudgeDeps, of: InSession, act: SessionAct, asking: Asking = {}): Promise<Result<Yes, Refusal>> {
  const { keeper, audit } = deps
  const acts = asking.or ? [act, asking.or] : [act]
  const judged: (AnswerOf<'judge'> & { act: SessionAct })[] = []
  for (const one of acts) {
    const answer = await keeper.ask('judge', { session: of.session, act: one })
    if (!answer.ok) return fail({ code: answer.error.code, say: answer.error.message })
    const { consequence, because, say, ask } = answer.value
    // what nobody could be asked about does not pass either
    if (consequence === 'refuse' || (consequence === 'ask' && !ask))
      return await refuseAct(deps, of, one, because, say ?? 'Policy does not let this pass. Ask an administrator.')
    judged.push({ ...answer.value, act: one })
  }
  for (const { act: one, consequence, because } of judged)
    if (consequence === 'alert') await audit.note(actAlarm(factsOf(of, one, because)), of.person, { phase: 'alarm', intent: of.intent })
  const until = shortest(judged.map((one) => one.until))
  const asks = judged.flatMap(({ ask }) => ask ?? [])
  const [ask] = asks
  if (!ask || asking.allowed) return ok({ until })
  const because = [...new Set(judged.flatMap((one) => one.because))].sort()
  if (asking.unseen !== undefined) return await refuseAct(deps, of, act, because, asking.unseen)
  const { sql, or } = asking
  const shown = shownAct(act, { until, ...(sql && { sql }), ...(or && { or }), withoutCards: of.withoutCards, statements: of.statements })
  if (!shown.ok) return await refuseAct(deps, of, act, because, shown.error.say)
  if (asking.later) return ok({ until, each: true })
  const seconds = Math.min(...asks.map((one) => one.seconds))
  const allowed = await of.holding.hold(of, { acts, shown: shown.value, because, ask: { ...ask, seconds } }, asking)
  return allowed.ok ? ok({ until, asked: true }) : allowed
}

const shortest = (all: readonly (number | null)[]): number | null => {
  const bounds = all.filter((one) => one !== null)
  return bounds.length === 0 ? null : Math.min(...bounds)
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
