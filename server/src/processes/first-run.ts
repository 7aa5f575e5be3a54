import { identity } from '@claviger/api'
import { explainAccess, layDownPolicies } from '../domains/access/index.ts'
import type { Audit } from '../domains/audit/index.ts'
import type { Keeper } from '../keeper/client.ts'
import { fail } from '../kernel/result.ts'
import type { RouteHandler } from '../platform/http/handler.ts'

/** The policies that ship with the product are laid down with the first administrator: from then on the keeper knows the whole set. */
export function withPolicies(handlers: readonly RouteHandler[], deps: { audit: Audit; keeper: Keeper; folder: string }): RouteHandler[] {
  return handlers.map((handler) => {
    if (handler.route !== identity.setupAdministrator) return handler
    const run: RouteHandler['run'] = async (incoming) => {
      const { token } = incoming.body as { token: string }
      const laid = await layDownPolicies(deps, token)
      return laid.ok ? await handler.run(incoming) : fail(explainAccess(laid.error))
    }
    return { ...handler, run }
  })
}
