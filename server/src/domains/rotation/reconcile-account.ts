import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockAccount } from '../inventory/index.ts'
import { type Attempted, attemptOrder } from './attempt-order.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { rotationOrdered } from './events.ts'
import { changeOrder, type OrderRow, putOrder } from './order.store.ts'
import { refuseBroughtIn } from './refuse-brought-in.ts'
import { targetOf } from './rotate-account.ts'
import { targetWays } from './rotation.store.ts'

/**
 * Resets an account by another way in than its own credential: by the reconciler where there is one, else by the account that manages the target.
 * Also while it is held, and it stays so: whoever decided that decides on its end, too.
 */
export async function reconcileAccount(
  deps: OrderDeps,
  { account, reason, by }: { account: AccountId; reason: string; by: PersonId },
): Promise<Result<Attempted, RotationError>> {
  const target = await targetOf(deps, account)
  if (!target.ok) return target
  const ordered = await deps.audit.act<OrderRow, RotationError>(
    { act: 'rotation.reconcile', by, about: { account } },
    async ({ tx, record }) => {
      const row = await lockAccount(tx, account)
      if (!row) return fail({ code: 'rotation.account_unknown', account })
      const ours = await refuseBroughtIn(tx, row)
      if (!ours.ok) return ours
      if (row.observed_since) return fail({ code: 'rotation.observed', account: row.name })
      const ways = await targetWays(tx, account)
      const second = ways.reconciler !== null && ways.reconciler !== ways.account
      if (!second && ways.manager === ways.account) return fail({ code: 'rotation.no_reconciler', account: row.name })
      const at = deps.now()
      const order = await putOrder(tx, { account, trigger: 'reconcile', reason, by, at, due: at })
      await changeOrder(tx, order.id, { state: 'waiting', reconcile: second, due_at: at })
      await record(rotationOrdered({ order: order.id, account, trigger: 'reconcile', reason }))
      return ok(order)
    },
  )
  return ordered.ok ? await attemptOrder(deps, { id: ordered.value.id, target: target.value }, { early: true }) : ordered
}
