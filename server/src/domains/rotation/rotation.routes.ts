import { inventory as api } from '@claviger/api'
import type { AccountId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { explainRotation } from './errors.ts'
import { type RotateAccountDeps, rotateAccount } from './rotate-account.ts'
import { accountState, showRotations } from './rotation.view.ts'

export function rotationRoutes(deps: RotateAccountDeps): RouteHandler[] {
  const { db } = deps
  return [
    on(api.rotateAccount, async (incoming) => {
      const account = incoming.params.id as AccountId
      const trigger = (await accountState(db, account)) === 'found' ? 'take-over' : 'on-demand'
      const rotated = await rotateAccount(deps, { account, trigger, reason: incoming.body.reason, by: signedIn(incoming).person })
      if (!rotated.ok) return fail(explainRotation(rotated.error))
      return ok({ rotations: await showRotations(db, { ids: rotated.value.map((r) => r.id), limit: 10 }) })
    }),
    on(api.rotations, async ({ query: { account, after, limit } }) => {
      const rows = await showRotations(db, { account, after, limit: limit + 1 })
      const rotations = rows.slice(0, limit)
      return ok({ rotations, next: rows.length > limit ? (rotations.at(-1)?.id ?? null) : null })
    }),
  ]
}
