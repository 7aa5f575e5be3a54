import { ok, type Result } from '../../kernel/result.ts'
import type { AnswerOf, KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { Handler } from './handler.ts'

type Now = Omit<AnswerOf<'grantsNow'>['grants'][number], 'id'>

/** With these the database does not show what the ledger knows. */
const altered = ['keeper.forged_row', 'keeper.unknown_row']

/**
 * What became of grants, by the ledger: a row that was changed without us says nothing, and what was read of a grant is known for as long as the ledger
 * knows none later. That the time is up is seen by whoever asks, by their own clock.
 */
export const grantsNow: Handler<'grantsNow'> = async ({ context, args }) => {
  const one = async (id: string) => ({ id, ...nowOf(await context.grants(id), context.identity.epoch) })
  return ok({ grants: await Promise.all(args.grants.map(one)) })
}

function nowOf(found: Result<FactContent | undefined, KeeperRefusal>, epoch: number): Now {
  if (!found.ok) return { now: altered.includes(found.error.code) ? 'altered' : 'unheard', endsAt: null }
  if (!found.value) return { now: 'unheard', endsAt: null }
  const { state, epoch: of, ends_at: endsAt } = found.value
  return state === 'active' && of === epoch ? { now: 'runs', endsAt: String(endsAt) } : { now: 'over', endsAt: null }
}
