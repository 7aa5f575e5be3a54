import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockAccount } from '../inventory/index.ts'
import { type Attempted, attemptOrder } from './attempt-order.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { rotationOrdered } from './events.ts'
import type { WhenAccountStops } from './hold-account.ts'
import { changeOrder, type OrderRow, putOrder } from './order.store.ts'
import { refuseBroughtIn } from './refuse-brought-in.ts'
import { targetOf } from './rotate-account.ts'
import { doneSince, type Trigger } from './rotation.store.ts'

export interface RotationWish {
  account: AccountId
  /** `take-over` where it was never taken over. */
  trigger: Extract<Trigger, 'on-demand' | 'compromise'>
  reason: string
  by: PersonId
}

/**
 * Orders a rotation by hand and makes the first attempt at once. It is durable before anything is tried: who ordered it hears what came of the first
 * attempt, and need not come back, since it is tried again by itself.
 */
export async function orderRotation(
  deps: OrderDeps & { whenAccountStops: WhenAccountStops },
  wish: RotationWish,
): Promise<Result<Attempted, RotationError>> {
  const { audit, now } = deps
  const { account, by, reason } = wish
  const target = await targetOf(deps, account)
  if (!target.ok) return target
  const ordered = await audit.act<OrderRow, RotationError>({ act: 'rotation.order', by, about: { account } }, async (act) => {
    const { tx, record } = act
    const row = await lockAccount(tx, account)
    if (!row) return fail({ code: 'rotation.account_unknown', account })
    if (row.state === 'held') return fail({ code: 'rotation.held', account: row.name })
    const ours = await refuseBroughtIn(tx, row)
    if (!ours.ok) return ours
    if (row.observed_since) return fail({ code: 'rotation.observed', account: row.name })
    const trigger = row.state === 'found' && wish.trigger === 'on-demand' ? 'take-over' : wish.trigger
    const at = now()
    const order = await putOrder(tx, { account, trigger, reason, by, at, due: at })
    // held without its account: it was let go of by a rotation that worked meanwhile
    if (order.state === 'held') await changeOrder(tx, order.id, { state: 'waiting', due_at: at })
    await record(rotationOrdered({ order: order.id, account, trigger, reason }))
    const stopped =
      trigger === 'compromise' ? await deps.whenAccountStops(act, account, 'its credential may be in other hands') : ok(undefined)
    return stopped.ok ? ok(order) : stopped
  })
  if (!ordered.ok) return ordered
  const { id, ordered_at: since } = ordered.value
  const attempted = await attemptOrder(deps, { id, target: target.value }, { early: true })
  if (!attempted.ok || attempted.value.did !== 'nothing') return attempted
  // whoever works off what is due was there first, and it worked
  const rotations = await deps.db.transaction().execute((tx) => doneSince(tx, account, since))
  return ok(rotations.length > 0 ? { did: 'rotated', rotations } : attempted.value)
}
