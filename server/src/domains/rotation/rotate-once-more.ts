import type { Tx } from '../../platform/db/open-db.ts'
import { oldOpensFor } from './old-opens.store.ts'
import { type OrderRow, putOrder } from './order.store.ts'

/** Says of an order that it is the second of two, so that no third follows. */
export const onceMore = 'the target takes the credential before for a while: after another one it does not'

/**
 * Some targets go on taking the credential before for a while (Active Directory, Samba: an hour), and no earlier one. Where somebody may know it (who
 * had the account alone and gave it back, or whoever it was that the compromise is about), another rotation follows at once: then what the target
 * still takes is a credential that nobody ever saw.
 */
export async function rotateOnceMore(tx: Tx, all: readonly { done: OrderRow; at: Date }[]): Promise<void> {
  const first = all.filter(({ done }) => done.reason !== onceMore)
  const opens = await oldOpensFor(
    tx,
    first.map(({ done, at }) => ({ account: done.account_id, at })),
  )
  for (const { done, at } of first) {
    const whom = opens.get(done.account_id)
    if (whom !== 'holder' && !(whom === 'anybody' && done.trigger === 'compromise')) continue
    await putOrder(tx, {
      ...{ account: done.account_id, trigger: done.trigger, reason: onceMore, by: null },
      ...{ at, due: at },
    })
  }
}
