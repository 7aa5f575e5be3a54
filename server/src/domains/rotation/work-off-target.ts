import type { TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { type Attempted, attemptInTurn } from './attempt-order.ts'
import type { OrderDeps } from './deps.ts'
import type { RotationError } from './errors.ts'
import { inTurn } from './in-turn.ts'
import { dueOn } from './order.store.ts'
import { goTogether } from './together.ts'

/** Accounts of one target that are rotated at the same time. */
export const atOnce = 32
/** After this nothing more is begun in one turn, so that whoever orders one by hand does not wait for long. */
const turnMs = 5_000
const mostInTurn = 500

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
      const due = await deps.db.transaction().execute((tx) => dueOn(tx, target, deps.now(), mostInTurn))
      const ways = due.findIndex(({ way }) => way)
      const now = ways < 0 ? due : due.slice(0, Math.max(1, ways))
      const group = now.length > 1 ? goTogether() : undefined
      const end = performance.now() + turnMs
      const attempts: Result<Attempted, RotationError>[] = []
      const lane = async (): Promise<void> => {
        for (let order = now.shift(); order && performance.now() < end; order = now.shift()) {
          const together = group?.join()
          const attempted = await attemptInTurn(deps, { id: order.id, target }, { ...(together && { together }) }).finally(together?.leave)
          attempts.push(attempted)
          // the seal is closed, say: the others come to the same
          if (!attempted.ok) now.length = 0
        }
      }
      const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane))
      group?.end()
      for (const one of lanes) if (one.status === 'rejected') throw one.reason
      for (const one of attempts) if (!one.ok) return one
      return ok({ failed: attempts.flatMap((one) => (one.ok && one.value.did === 'failed' ? [one.value] : [])) })
    },
    0,
  )
}
