import type { OrderId, TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { inTurn } from './in-turn.ts'
import { type OrderRow, takeOrder } from './order.store.ts'
import { rotateInTurn } from './rotate-account.ts'
import type { RotationRow } from './rotation.store.ts'
import { settleFailure } from './settle-failure.ts'
import { settleSuccess } from './settle-success.ts'
import type { Together } from './together.ts'

export type Attempted =
  /** Done before we had the target's turn, held, or moved to later. */
  | { did: 'nothing' }
  | { did: 'rotated'; rotations: RotationRow[] }
  /** `order` as it stands after the failure: when it is tried again, or that it is held. */
  | { did: 'failed'; error: RotationError; order: OrderRow }

/**
 * One attempt at an order. The order stays as it is until the outcome is written: whoever is killed in between leaves it due, and any server goes on
 * with the same candidate. `patienceMs`: for the turn on the target, should another server have it. `early`: also before it is due.
 */
export async function attemptOrder(
  deps: OrderDeps,
  { id, target }: { id: OrderId; target: TargetId },
  { patienceMs, early = false }: { patienceMs?: number; early?: boolean } = {},
): Promise<Result<Attempted, RotationError>> {
  return await inTurn<Attempted>(deps.db, target, () => attemptInTurn(deps, { id, target }, { early }), patienceMs)
}

/** The same for whoever has the target's turn. */
export async function attemptInTurn(
  deps: OrderDeps,
  { id, target }: { id: OrderId; target: TargetId },
  { early = false, together }: { early?: boolean; together?: Together } = {},
): Promise<Result<Attempted, RotationError>> {
  const order = await takeOrder(deps.db, { id, at: deps.now(), early })
  if (!order) return ok({ did: 'nothing' })
  const { account_id: account, trigger, reason, ordered_by: by, reconcile } = order
  const as = reconcile ? 'reconciler' : 'manager'
  const rotated = await rotateInTurn(deps, { account, on: target, trigger, reason, by, as, ...(together && { together }) })
  if (rotated.ok) {
    await settleSuccess(deps, order, target, { among: together !== undefined })
    return ok({ did: 'rotated', rotations: rotated.value })
  }
  // nothing was tried, and nothing can be written: it is due when the seal is open again
  if (rotated.error.code === 'keeper.sealed') return rotated
  const after = await settleFailure(deps, order, target, rotated.error)
  return after.ok ? ok({ did: 'failed', error: rotated.error, order: after.value }) : after
}
