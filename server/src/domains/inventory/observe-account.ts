import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { InventoryError } from './errors.ts'
import { accountObserved, observationEnded } from './events.ts'
import { lockAccount, updateAccount } from './inventory.store.ts'

/**
 * Watches an account that nobody took over yet, or says that it may be rotated because what uses it is known: an administrator's word with a
 * fresh code, which the keeper asks for.
 */
export async function observeAccount(
  { audit, keeper, now }: { audit: Audit; keeper: Keeper; now: () => Date },
  by: PersonId,
  authority: Authority,
  { account, observe, reason }: { account: AccountId; observe: boolean; reason: string },
): Promise<Result<void, InventoryError>> {
  return await audit.act<void, InventoryError>({ act: 'inventory.observe', by, about: { account } }, async ({ tx, record }) => {
    const row = await lockAccount(tx, account)
    if (!row) return fail({ code: 'inventory.account_unknown', account })
    if ((row.observed_since !== null) === observe) return fail({ code: 'inventory.nothing_to_change' })
    if (observe && row.state !== 'found') return fail({ code: 'inventory.taken_over', account: row.name })
    const changed = { ...row, observed_since: observe ? now() : null, revision: row.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'account', revision: changed.revision, row: { ...changed } }], authority)
    if (!attested.ok) return attested
    await updateAccount(tx, changed, attested.value.macOf(account))
    const event = { account, target: row.target_id, reason }
    await record(observe ? accountObserved(event) : observationEnded(event), attested.value.attestations)
    return ok(undefined)
  })
}
