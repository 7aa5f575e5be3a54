import type { AccountId } from '../../kernel/id.ts'
import { within } from '../../kernel/within.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { whenNoneRuns } from './in-turn.ts'
import { type KeepUpDeps, keepKeepingUp } from './keep-up.ts'
import { isReplacedByHand } from './kept-by-hand.store.ts'
import { putOrder } from './order.store.ts'
import { recoverCandidates } from './recover-candidates.ts'
import { grantWasUsed } from './rotation.store.ts'
import { type Running, runOrders } from './run-orders.ts'

/** Where releases before 0.2 put what was to be rotated. Nothing is put there any more; what still lies there becomes an order. */
export const rotationQueue = 'rotate-account'

/** Check-in: whoever used a credential, or held the account alone, may have had it in hand, so it is replaced. Ordered in the transaction that ends the grant. */
export async function rotateAfterGrant(tx: Tx, grant: { id: string; account_id: AccountId; wasHeld: boolean }, at: Date): Promise<void> {
  if (await isReplacedByHand(tx, grant.account_id)) return
  if (grant.wasHeld || (await grantWasUsed(tx, grant.id)))
    await putOrder(tx, { ...{ account: grant.account_id, trigger: 'check-in', reason: 'a grant ended', by: null }, ...{ at, due: at } })
}

/** What runs when the seal closes may come to its end, so that nothing stays half changed on a target; but sealing does not wait for a slow one. */
const lastRunMs = 8_000

/**
 * Works off what is ordered, and first of all what a crash or a restored database left open. `stop` when the seal closes: orders wait, not failed
 * and not tried, until this is started again.
 */
export async function startRotations(deps: KeepUpDeps & { jobs: Jobs }): Promise<Running> {
  const { db, jobs, now } = deps
  const inherited = await jobs.work(rotationQueue, async ({ account, trigger }) => {
    const at = now()
    const why = trigger === 'recovery' ? 'a rotation did not come to its end' : 'a grant ended'
    await db.transaction().execute((tx) =>
      putOrder(tx, {
        ...{ account: account as AccountId, trigger: trigger === 'recovery' ? 'recovery' : 'check-in', reason: why },
        ...{ by: null, at, due: at },
      }),
    )
  })
  await recoverCandidates(deps)
  const running = runOrders(deps)
  const keeping = keepKeepingUp(deps)
  return {
    sinceLook: running.sinceLook,
    look: running.look,
    async stop() {
      await within(lastRunMs, Promise.all([inherited.stop(lastRunMs), running.stop(), keeping.stop(), whenNoneRuns()]))
    },
  }
}
