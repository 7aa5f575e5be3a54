import { attest } from '../../keeper/attest-rows.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Act } from '../audit/index.ts'
import { type Kinds, lockAccount, updateAccount } from '../inventory/index.ts'
import type { BreakglassError } from './errors.ts'
import { accountMarked } from './events.ts'
import type { KeyDeps } from './propose-key.ts'
import type { OrderRotation } from './settle-key.ts'

export interface MarkDeps extends KeyDeps {
  kinds: Pick<Kinds, 'capabilities'>
  orderRotation: OrderRotation
  /** Ends what runs with an account, in the same transaction. */
  whenAccountStops: (act: Act, account: AccountId, why: string) => Promise<Result<void, KeeperRefusal>>
}

/**
 * Makes an account one for emergencies, or an ordinary one again. Either way it gets a new credential at once: what the vault knew of it is then
 * worth nothing, and the new one lies where it belongs.
 */
export async function markAccount(
  { audit, keeper, kinds, orderRotation, whenAccountStops }: MarkDeps,
  by: { person: PersonId; code: string },
  account: AccountId,
  marked: boolean,
): Promise<Result<void, BreakglassError>> {
  return await audit.act<void, BreakglassError>({ act: 'breakglass.mark_account', by: by.person, about: { account } }, async (act) => {
    const { tx, record } = act
    const before = await lockAccount(tx, account)
    if (!before) return fail({ code: 'breakglass.account_unknown', account })
    if ((before.break_glass === true) === marked) return fail({ code: 'breakglass.same', marked })
    const target = await keeper.ask('vouch', { rows: [{ kind: 'target', id: before.target_id }] })
    if (!target.ok) return target
    const kind = String((target.value.rows[0] as { kind?: unknown }).kind)
    if (!kinds.capabilities(kind).includes('rotate')) return fail({ code: 'breakglass.not_rotated', kind })
    const row = { ...before, break_glass: marked ? (true as const) : null, revision: before.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'account', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await updateAccount(tx, row, attested.value.macOf(account))
    await record(accountMarked({ account, target: before.target_id, marked }), attested.value.attestations)
    await orderRotation(tx, account, by.person, marked ? 'it is for emergencies from now on' : 'it is an ordinary account again')
    return marked ? await whenAccountStops(act, account, 'the account is for emergencies') : ok(undefined)
  })
}
