import type { AccountId, BatchId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import { type Choice, chosenAccounts, insertBatch } from './batch.store.ts'
import type { RotationError } from './errors.ts'
import { batchOrdered } from './events.ts'
import type { WhenAccountStops } from './hold-account.ts'
import { putOrders } from './order.store.ts'

/** As many may be ordered at once; more than this nobody chose. */
export const mostAtOnce = 10_000
/** In one statement, which takes 65,535 values. */
const putAtOnce = 1_000

/**
 * Orders the rotation of several accounts: a selection, those of a target, or all that somebody ever had in hand. Where they may be in other hands,
 * what runs with them ends in the same act.
 */
export async function orderMany(
  { audit, now, whenAccountStops }: { audit: Audit; now: () => Date; whenAccountStops: WhenAccountStops },
  wish: { choice: Choice; compromised: boolean; reason: string; by: PersonId },
): Promise<Result<{ batch: BatchId; accounts: number }, RotationError>> {
  const { choice, compromised, reason, by } = wish
  return await audit.act<{ batch: BatchId; accounts: number }, RotationError>({ act: 'rotation.order_many', by }, async (act) => {
    const accounts = await chosenAccounts(act.tx, choice, mostAtOnce)
    if (accounts.length === 0) return fail({ code: 'rotation.nobody_chosen' })
    const at = now()
    const batch = newId('bat')
    const trigger = compromised ? ('compromise' as const) : ('on-demand' as const)
    const orders = []
    for (let from = 0; from < accounts.length; from += putAtOnce)
      orders.push(
        ...(await putOrders(
          act.tx,
          accounts.slice(from, from + putAtOnce).map((account) => ({ account, trigger, reason, by, at, due: at })),
        )),
      )
    for (const account of compromised ? accounts : []) {
      const stopped = await whenAccountStops(act, account as AccountId, 'its credential may be in other hands')
      if (!stopped.ok) return stopped
    }
    await insertBatch(act.tx, { id: batch, reason, ordered_by: by, ordered_at: at }, orders)
    const touchedBy = choice.by === 'touched' ? choice.person : null
    await act.record(batchOrdered({ batch, accounts: accounts.length, touchedBy, trigger, reason }))
    return ok({ batch, accounts: accounts.length })
  })
}
