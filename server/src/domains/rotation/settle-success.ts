import { gatherFor } from '../../kernel/gather.ts'
import type { TargetId } from '../../kernel/id.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { markReplaced } from './care.store.ts'
import { bringForward, endOrders, lockOrders, type OrderRow } from './order.store.ts'
import { rotateOnceMore } from './rotate-once-more.ts'

interface Worked {
  tried: OrderRow
  target: TargetId
  at: Date
  /** Others of the target were rotated with it. */
  among: boolean
}

/**
 * The order is done, unless it was given anew while it was worked off: then what came after the attempt began is replaced as well. Those that end at the
 * same time do so in one transaction.
 */
const settle = gatherFor<Db, Worked, undefined>(
  async (db, all) => {
    await db.transaction().execute(async (tx) => {
      const orders = new Map(
        (
          await lockOrders(
            tx,
            all.map(({ tried }) => tried.id),
          )
        ).map((order) => [order.id, order]),
      )
      // what is done still says how often it failed, and by whose hand it was done
      await endOrders(
        tx,
        all.map(({ tried, at }) => ({ id: tried.id, at, again: orders.get(tried.id)?.generation !== tried.generation })),
      )
      await rotateOnceMore(
        tx,
        all.map(({ tried, at }) => ({ done: tried, at })),
      )
      await markReplaced(
        tx,
        all.map(({ tried, at }) => ({ account: tried.account_id, at })),
      )
      // what waits on this target waits for an account that goes alone
      for (const { among, target, at } of all) if (!among) await bringForward(tx, target, at)
    })
    return all.map(() => undefined)
  },
  { most: 100, key: ({ tried }) => tried.account_id, ofOne: isAboutOneRow },
)

export const settleSuccess = (
  { db, now }: { db: Db; now: () => Date },
  tried: OrderRow,
  target: TargetId,
  { among }: { among: boolean },
): Promise<void> => settle(db, { tried, target, among, at: now() })
