import type { TargetId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { markCared } from './care.store.ts'
import { bringForward, changeOrder, lockOrder, type OrderRow } from './order.store.ts'
import { rotateOnceMore } from './rotate-once-more.ts'

/** The order is done, unless it was given anew while it was worked off: then what came after the attempt began is replaced as well. `among`: others of the target were rotated with it. */
export async function settleSuccess(
  { db, now }: { db: Db; now: () => Date },
  tried: OrderRow,
  target: TargetId,
  { among }: { among: boolean },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const order = await lockOrder(tx, tried.id)
    const at = now()
    await changeOrder(tx, tried.id, {
      error: null,
      // what is done still says how often it failed, and by whose hand it was done
      ...(order?.generation === tried.generation ? { state: 'done', finished_at: at } : { due_at: at, failures: 0, reconcile: false }),
    })
    await rotateOnceMore(tx, tried, at)
    await markCared(tx, tried.account_id, at, { rotated: true })
    // what waits on this target waits for an account that goes alone
    if (!among) await bringForward(tx, target, at)
  })
}
