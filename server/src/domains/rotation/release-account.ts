import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'
import type { RotationError } from './errors.ts'
import { accountReleased } from './events.ts'
import { forgetRefusals } from './health.store.ts'
import { changeOrder, openOrder } from './order.store.ts'

/**
 * Lets a held account be used again: an administrator's decision, with a fresh code, which the keeper asks for. What the target refused before is
 * tried again from here on, once.
 */
export async function releaseAccount(
  { audit, keeper, now }: { audit: Audit; keeper: Keeper; now: () => Date },
  authority: Authority,
  { account, reason, by }: { account: AccountId; reason: string; by: PersonId },
): Promise<Result<void, RotationError>> {
  return await audit.act<void, RotationError>({ act: 'rotation.release', by, about: { account } }, async ({ tx, record }) => {
    const row = await lockAccount(tx, account)
    if (!row) return fail({ code: 'rotation.account_unknown', account })
    if (row.state !== 'held') return fail({ code: 'rotation.not_held', account: row.name })
    const released = { ...row, state: 'managed', revision: row.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'account', revision: released.revision, row: { ...released } }], authority)
    if (!attested.ok) return attested
    await updateAccount(tx, released, attested.value.macOf(account))
    await forgetRefusals(tx, account)
    const order = await openOrder(tx, account)
    if (order) await changeOrder(tx, order.id, { state: 'waiting', failures: 0, reconcile: false, due_at: now() })
    await record(accountReleased({ account, target: row.target_id, reason }), attested.value.attestations)
    return ok(undefined)
  })
}
