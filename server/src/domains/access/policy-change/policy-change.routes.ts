import { policy as api } from '@claviger/api'
import { fail, ok } from '../../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../../platform/http/handler.ts'
import { type AccessError, explainAccess } from '../errors.ts'
import { approveChange, withdrawChange } from './decide-on-change.ts'
import { previewChange } from './preview-change.ts'
import { type ChangeDeps, proposeChange } from './propose-change.ts'
import { showChanges } from './show-changes.ts'

const refuse = (error: AccessError) => fail(explainAccess(error))

export function policyChangeRoutes(deps: ChangeDeps): RouteHandler[] {
  const { db, now } = deps
  return [
    on(api.policyChanges, async () => ok(await showChanges(db, now()))),
    on(api.previewPolicies, async (incoming) => {
      const preview = await previewChange(deps, incoming.body.policies)
      return preview.ok ? ok(preview.value) : refuse(preview.error)
    }),
    on(api.proposePolicies, async (incoming) => {
      const { code, ...given } = incoming.body
      if (code === undefined) return refuse({ code: 'access.code_needed' })
      const proposed = await proposeChange(deps, { person: signedIn(incoming).person, code }, given)
      return proposed.ok ? ok(proposed.value) : refuse(proposed.error)
    }),
    ...[
      { route: api.approvePolicies, decide: approveChange },
      { route: api.withdrawPolicies, decide: withdrawChange },
    ].map(({ route, decide }) =>
      on(route, async (incoming) => {
        const { code } = incoming.body
        if (code === undefined) return refuse({ code: 'access.code_needed' })
        const decided = await decide(deps, { person: signedIn(incoming).person, code }, incoming.params.id)
        return decided.ok ? ok({ ok: true as const }) : refuse(decided.error)
      }),
    ),
  ]
}
