import type { Refusal } from '../../gateways/contract.ts'
import type { AccountId, EntryId, PersonId, SessionId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { SessionAct } from '../policy/index.ts'
import { actAlarm, actRefused } from './events.ts'
import type { OpenSessionDeps } from './opening.ts'

/** Whose session something is done in. */
export interface InSession {
  session: SessionId
  person: PersonId
  account: AccountId
  intent: EntryId
}

export type JudgeDeps = Pick<OpenSessionDeps, 'keeper' | 'audit'>

/** A yes; to a transfer it is good for fewer than `until` bytes, or for any number. */
export interface Yes {
  until: number | null
}

/** Asks policy about one act in a session. A no, and a yes that officers shall hear of, stand in the ledger before anything happens. */
export async function judgeAct(deps: JudgeDeps, of: InSession, act: SessionAct): Promise<Result<Yes, Refusal>> {
  const { keeper, audit } = deps
  const judged = await keeper.ask('judge', { session: of.session, act })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  const { consequence, say, because, until } = judged.value
  if (consequence === 'allow') return ok({ until })
  if (consequence === 'alert') {
    await audit.note(actAlarm(factsOf(of, act, because)), of.person, { phase: 'alarm', intent: of.intent })
    return ok({ until })
  }
  return await refuseAct(deps, of, act, because, say ?? 'Policy asks for somebody else’s yes to this. Ask an administrator.')
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
