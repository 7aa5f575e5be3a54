import { policy as api } from '@claviger/api'
import { parseDuration } from '../../kernel/duration.ts'
import type { Explained } from '../../kernel/errors.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { on, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import { type AccessError, explainAccess } from './errors.ts'
import { type ExplainDeps, explainDecision, listPolicies, whoCan } from './explain-policy.ts'

const answered = <T>(result: Result<T, AccessError>): Result<T, Explained> => (result.ok ? result : fail(explainAccess(result.error)))

/** Who may ask what policy says to somebody else. */
const overseers = ['approvers', 'security', 'auditors', 'administrators']

export function policyRoutes(deps: ExplainDeps): RouteHandler[] {
  return [
    on(api.policies, async () => answered(await listPolicies(deps))),
    on(api.whyPolicy, async (incoming) => {
      const who = signedIn(incoming)
      const { person, account, action, duration, itsmTicket } = incoming.body
      const seconds = parseDuration(duration) ?? 0
      if (person !== undefined && person !== who.name && !who.groups.some((g) => overseers.includes(g)))
        return fail(explainAccess({ code: 'access.not_yours' }))
      return answered(await explainDecision(deps, { viewer: who.person, person, account, action, seconds, itsmTicket }))
    }),
    on(api.whoCan, async (incoming) => {
      const { account, action } = incoming.query
      const found = await whoCan(deps, signedIn(incoming).person, account, action)
      return found.ok ? ok(found.value) : answered(found)
    }),
  ]
}
