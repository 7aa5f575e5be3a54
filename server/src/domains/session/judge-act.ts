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

/** Asks policy about one act in a session. A no, and a yes that officers shall hear of, stand in the ledger before anything happens. */
export async function judgeAct(
  { keeper, audit }: Pick<OpenSessionDeps, 'keeper' | 'audit'>,
  { session, person, account, intent }: InSession,
  act: SessionAct,
): Promise<Result<void, Refusal>> {
  const judged = await keeper.ask('judge', { session, act })
  if (!judged.ok) return fail({ code: judged.error.code, say: judged.error.message })
  const { consequence, say, because } = judged.value
  if (consequence === 'allow') return ok(undefined)
  const { action, ...what } = act
  const facts = { session, account, action, because: because.join(' '), what: JSON.stringify(what).slice(0, 2000) }
  if (consequence === 'alert') {
    await audit.note(actAlarm(facts), person, { phase: 'alarm', intent })
    return ok(undefined)
  }
  await audit.note(actRefused(facts), person, { phase: 'refused', intent })
  return fail({ code: 'session.act_refused', say: say ?? 'Policy asks for somebody else’s yes to this. Ask an administrator.' })
}
