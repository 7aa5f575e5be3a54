import type { AccountId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { putOrder } from './order.store.ts'

/** In the transaction that makes an account one for emergencies, or an ordinary one again: neither is without the other. */
export async function orderBreakGlass(tx: Tx, account: AccountId, by: PersonId, reason: string, at: Date): Promise<void> {
  await putOrder(tx, { ...{ account, trigger: 'on-demand', reason, by }, ...{ at, due: at } })
}

/** Likewise where somebody else logged in with one: what they came in with is to die. */
export async function orderAfterLogin(tx: Tx, account: AccountId, reason: string, at: Date): Promise<void> {
  await putOrder(tx, { ...{ account, trigger: 'compromise', reason, by: null }, ...{ at, due: at } })
}
