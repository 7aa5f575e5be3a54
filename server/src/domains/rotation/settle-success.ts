import type { TargetId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { markCared } from './care.store.ts'
import { bringForward, changeOrder, lockOrder, type OrderRow } from './order.store.ts'

/** The order is done, unless it was given anew while it was worked off: then what came after the attempt began is replaced as well. */
export async function settleSuccess({ db, now }: { db: Db; now: () => Date }, tried: OrderRow, target: TargetId): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const order = await lockOrder(tx, tried.id)
    const at = now()
    await changeOrder(tx, tried.id, {
      ...{ failures: 0, error: null, reconcile: false },
      ...(order?.generation === tried.generation ? { state: 'done', finished_at: at } : { due_at: at }),
    })
    await markCared(tx, tried.account_id, at, { rotated: true })
    await bringForward(tx, target, at)
  })
}
