import type { AnswerOf, access as api } from '@claviger/api'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { accountNamed } from './access.store.ts'
import { namesIn } from './access.view.ts'
import type { AccessError } from './errors.ts'
import { type FileRequestDeps, maySeeAccounts, vouchFor } from './file-request.ts'

export type Preview = AnswerOf<typeof api.previewRequest>

/** What policy would ask for, before anything is asked. Changes nothing and records nothing. */
export async function previewRequest(
  deps: Pick<FileRequestDeps, 'keeper' | 'decide'> & { db: Db },
  person: PersonId,
  account: string,
  action: 'connect' | 'reveal',
  seconds: number,
  /** Undefined: it can still be named, and the answer says whether one is needed. */
  ticket?: string | undefined,
): Promise<Result<Preview, AccessError>> {
  return await deps.db.transaction().execute(async (tx) => {
    const [name = '', target = ''] = account.split('@')
    const named = await accountNamed(tx, name, target)
    if (!named) return fail({ code: 'access.account_unknown', account })
    const asked = await vouchFor(deps.keeper, person, named)
    if (!asked.ok) return asked
    const decided = await deps.decide(tx, asked.value, { action, seconds, itsmTicket: ticket ?? 'to be named' })
    if (!decided.ok) return decided
    const { decision, approverGroups } = decided.value
    if (!decision.allowed && !maySeeAccounts(asked.value.person)) return fail({ code: 'access.account_unknown', account })
    if (!decision.allowed)
      return ok({ allowed: false, obligations: null, because: [...decision.because], message: decision.message, approvers: [] })
    const approvers = decision.obligations.approvals > 0 ? await namesIn(deps.db, approverGroups, person) : []
    return ok({ allowed: true, obligations: decision.obligations, because: [...decision.because], message: null, approvers })
  })
}
