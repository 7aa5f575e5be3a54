import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Act, Audit } from '../audit/index.ts'
import { type AccountRow, lockAccount, updateAccount } from '../inventory/index.ts'
import type { RotationError } from './errors.ts'
import { accountHeld } from './events.ts'

/** Ends what runs with an account, in the same transaction. Given by the composition root: access knows how. */
export type WhenAccountStops = (act: Act, account: AccountId, why: string) => Promise<Result<void, KeeperRefusal>>

/**
 * From here on nobody gets in with this account until somebody decides: the keeper releases nothing of it. Undefined where it is held already, or
 * was never taken over.
 */
export async function holdInTx(
  keeper: Keeper,
  tx: Tx,
  account: AccountId,
): Promise<Result<{ row: AccountRow; attestations: readonly Attestation[] } | undefined, RotationError>> {
  const row = await lockAccount(tx, account)
  if (row?.state !== 'managed') return ok(undefined)
  const held = { ...row, state: 'held', revision: row.revision + 1 }
  const attested = await attest(keeper, [{ kind: 'account', revision: held.revision, row: { ...held } }], { by: 'system' })
  if (!attested.ok) return attested
  await updateAccount(tx, held, attested.value.macOf(account))
  return ok({ row: held, attestations: attested.value.attestations })
}

/** By an officer's word. What runs with it ends in the same act, and is rotated as after any grant. */
export async function holdAccount(
  { audit, keeper, whenAccountStops }: { audit: Audit; keeper: Keeper; whenAccountStops: WhenAccountStops },
  { account, reason, by }: { account: AccountId; reason: string; by: PersonId },
): Promise<Result<void, RotationError>> {
  return await audit.act<void, RotationError>({ act: 'rotation.hold', by, about: { account } }, async (act) => {
    const row = await lockAccount(act.tx, account)
    if (!row) return fail({ code: 'rotation.account_unknown', account })
    if (row.state === 'found') return fail({ code: 'rotation.not_managed', account: row.name })
    const held = await holdInTx(keeper, act.tx, account)
    if (!held.ok) return held
    if (!held.value) return ok(undefined)
    await act.record(accountHeld({ account, target: row.target_id, reason }), held.value.attestations)
    return await whenAccountStops(act, account, 'the account is held')
  })
}
