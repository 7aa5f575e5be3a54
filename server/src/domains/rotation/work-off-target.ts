import type { TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { type Attempted, attemptInTurn } from './attempt-order.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { inTurn } from './in-turn.ts'
import { dueOn } from './order.store.ts'
import { goTogether } from './together.ts'

/** Accounts of one target that are rotated at the same time. The turn is given back after them: whoever orders one by hand waits for so many at most. */
export const atOnce = 32

export interface WorkedOff {
  failed: Extract<Attempted, { did: 'failed' }>[]
}

/**
 * Works off what is due on one target: several accounts at the same time, since they wait for the target most of it. Each goes its own durable
 * steps. An account by which the target is managed goes alone, and first of all: the others log in as it.
 */
export async function workOffTarget(deps: OrderDeps, target: TargetId): Promise<Result<WorkedOff, RotationError>> {
  return await inTurn<WorkedOff>(
    deps.db,
    target,
    async () => {
      const due = await deps.db.transaction().execute((tx) => dueOn(tx, target, deps.now(), atOnce))
      const ways = due.findIndex(({ way }) => way)
      const now = ways < 0 ? due : due.slice(0, Math.max(1, ways))
      const members = goTogether(now.length)
      const settled = await Promise.allSettled(
        now.map(({ id }, at) => {
          const together = now.length > 1 ? members[at] : undefined
          return attemptInTurn(deps, { id, target }, { ...(together && { together }) }).finally(together?.leave)
        }),
      )
      const failed: WorkedOff['failed'] = []
      for (const one of settled) {
        if (one.status === 'rejected') throw one.reason
        if (!one.value.ok) return one.value
        if (one.value.value.did === 'failed') failed.push(one.value.value)
      }
      return ok({ failed })
    },
    0,
  )
}
