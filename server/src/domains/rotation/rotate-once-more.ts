import type { AccountId } from '../../kernel/id.ts'
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
export async function rotateOnceMore(tx: Tx, done: OrderRow, at: Date): Promise<void> {
  if (done.reason === onceMore) return
  const opens = await oldOpensFor(tx, done.account_id, at)
  if (opens === 'holder' || (opens === 'anybody' && done.trigger === 'compromise'))
    await putOrder(tx, {
      ...{ account: done.account_id as AccountId, trigger: done.trigger, reason: onceMore, by: null },
      ...{ at, due: at },
    })
}
