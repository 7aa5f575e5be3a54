import { rotation as api } from '@claviger/api'
import type { AccountId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import type { Window } from '../../kernel/window.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type Choice, personNamed } from './batch.store.ts'
import { showBatch, showBatches } from './batch.view.ts'
import type { Ages } from './care.store.ts'
import { changePlan } from './change-plan.ts'
import type { OrderDeps } from './deps.ts'
import { explainRotation, type RotationError } from './errors.ts'
import type { WhenAccountStops } from './hold-account.ts'
import { orderMany } from './order-many.ts'
import { showCare, showPlan } from './plan.view.ts'
import { verifyAccount } from './verify-account.ts'

export interface RotationRoutesDeps extends OrderDeps {
  whenAccountStops: WhenAccountStops
  /** Work off at once what is ordered. */
  lookNow?: () => void
  ages: Ages
  /** When rotations by age may begin; none: always. */
  windows: readonly Window[]
}

/** Several accounts at once, and what is done without changing anything. */
export function manyRoutes(deps: RotationRoutesDeps): RouteHandler[] {
  const { db } = deps
  const refuse = (error: RotationError) => fail(explainRotation(error))
  const one = async (id: string) => {
    const batch = await showBatch(db, id)
    return batch ? ok(batch) : refuse({ code: 'rotation.batch_unknown', batch: id })
  }
  return [
    on(api.rotateMany, async (incoming) => {
      const { choice: asked, reason, compromised } = incoming.body
      let choice: Choice
      if (asked.by === 'touched') {
        const person = await db.transaction().execute((tx) => personNamed(tx, asked.person))
        if (!person) return refuse({ code: 'rotation.nobody_chosen' })
        choice = { by: 'touched', person }
      } else choice = asked
      const ordered = await orderMany(deps, { choice, compromised, reason, by: signedIn(incoming).person })
      if (!ordered.ok) return refuse(ordered.error)
      deps.lookNow?.()
      return await one(ordered.value.batch)
    }),
    on(api.rotationBatch, async ({ params }) => await one(params.id)),
    on(api.rotationBatches, async ({ query: { after, limit } }) => {
      const rows = await showBatches(db, { after, limit: limit + 1 })
      const batches = rows.slice(0, limit)
      return ok({ batches, next: rows.length > limit ? (batches.at(-1)?.id ?? null) : null })
    }),
    on(api.rotationPlan, async ({ query }) => ok(await showPlan(db, deps.now(), query.days, deps))),
    on(api.accountCare, async ({ params }) => {
      const care = await showCare(db, params.id, deps.ages)
      return care ? ok(care) : refuse({ code: 'rotation.account_unknown', account: params.id })
    }),
    on(api.verifyAccount, async (incoming) => {
      const verified = await verifyAccount(deps, { account: incoming.params.id as AccountId, by: signedIn(incoming).person })
      return verified.ok ? ok({ results: verified.value }) : refuse(verified.error)
    }),
    on(api.changeRotationPlan, async (incoming) => {
      const { maxAgeSeconds } = incoming.body
      const account = incoming.params.id as AccountId
      const changed = await changePlan(deps, { account, maxAgeSeconds, by: signedIn(incoming).person })
      return changed.ok ? ok({ maxAgeSeconds }) : refuse(changed.error)
    }),
  ]
}
