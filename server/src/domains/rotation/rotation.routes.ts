import { rotation as api, inventory } from '@claviger/api'
import { authorityOf } from '../../keeper/attest-rows.ts'
import type { Explained } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Attempted } from './attempt-order.ts'
import { explainAttempt, explainRotation, type RotationError } from './errors.ts'
import { holdAccount } from './hold-account.ts'
import { manyRoutes, type RotationRoutesDeps } from './many.routes.ts'
import { orderRotation } from './order-rotation.ts'
import { showOrders } from './orders.view.ts'
import { reconcileAccount } from './reconcile-account.ts'
import { releaseAccount } from './release-account.ts'
import { accountState, type ShownRotation, showRotations } from './rotation.view.ts'

export function rotationRoutes(deps: RotationRoutesDeps): RouteHandler[] {
  const { db } = deps
  const refuse = (error: RotationError) => fail(explainRotation(error))
  const after = async (tried: Result<Attempted, RotationError>): Promise<Result<ShownRotation[], Explained>> => {
    if (!tried.ok) return refuse(tried.error)
    if (tried.value.did === 'failed') return fail(explainAttempt(tried.value.error, tried.value.order))
    const ids = tried.value.did === 'rotated' ? tried.value.rotations.map((r) => r.id) : []
    return ok(ids.length === 0 ? [] : await showRotations(db, { ids, limit: 10 }))
  }
  return [
    ...manyRoutes(deps),
    on(inventory.rotateAccount, async (incoming) => {
      const wish = { account: incoming.params.id as AccountId, reason: incoming.body.reason, by: signedIn(incoming).person }
      const rotations = await after(await orderRotation(deps, { ...wish, trigger: incoming.body.compromised ? 'compromise' : 'on-demand' }))
      return rotations.ok ? ok({ rotations: rotations.value }) : rotations
    }),
    on(inventory.rotations, async ({ query: { account, after, limit } }) => {
      const rows = await showRotations(db, { account, after, limit: limit + 1 })
      const rotations = rows.slice(0, limit)
      return ok({ rotations, next: rows.length > limit ? (rotations.at(-1)?.id ?? null) : null })
    }),
    on(api.rotationOrders, async ({ query }) => ok(await showOrders(db, query))),
    on(api.reconcileAccount, async (incoming) => {
      const account = incoming.params.id as AccountId
      const tried = await reconcileAccount(deps, { account, reason: incoming.body.reason, by: signedIn(incoming).person })
      const rotations = await after(tried)
      return rotations.ok ? ok({ rotations: rotations.value, held: (await accountState(db, account)) === 'held' }) : rotations
    }),
    on(api.holdAccount, async (incoming) => {
      const { reason } = incoming.body
      const held = await holdAccount(deps, { account: incoming.params.id as AccountId, reason, by: signedIn(incoming).person })
      return held.ok ? ok({ held: true as const }) : refuse(held.error)
    }),
    on(api.releaseAccount, async (incoming) => {
      const { reason, code } = incoming.body
      const authority = authorityOf(incoming.who, code, undefined)
      if (!authority) return refuse({ code: 'rotation.code_needed' })
      const account = incoming.params.id as AccountId
      const released = await releaseAccount(deps, authority, { account, reason, by: signedIn(incoming).person })
      return released.ok ? ok({ held: false as const }) : refuse(released.error)
    }),
  ]
}
