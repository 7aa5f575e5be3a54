import { attest } from '../../keeper/attest-rows.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'
import type { ApproveRequestDeps } from './approve-request.ts'
import type { AccessError } from './errors.ts'
import { checkOutChanged } from './events.ts'

/** Gives an account to one person at a time, or to several again. Grants that run stay as they are: an exclusive one begins when they are over. */
export async function changeCheckOut(
  { audit, keeper }: ApproveRequestDeps,
  id: AccountId,
  by: { person: PersonId; code: string },
  mode: 'shared' | 'exclusive',
): Promise<Result<void, AccessError>> {
  const about = { account: id }
  return await audit.act<void, AccessError>({ act: 'access.change_check_out', by: by.person, about }, async ({ tx, record }) => {
    const before = await lockAccount(tx, id)
    if (!before) return fail({ code: 'access.account_unknown', account: id })
    const row = { ...before, check_out: mode === 'exclusive' ? ('exclusive' as const) : null, revision: before.revision + 1 }
    if (row.check_out === before.check_out) return fail({ code: 'access.check_out_same', mode })
    const attested = await attest(keeper, [{ kind: 'account', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await updateAccount(tx, row, attested.value.macOf(id))
    await record(checkOutChanged({ account: id, mode }), attested.value.attestations)
    return ok(undefined)
  })
}
