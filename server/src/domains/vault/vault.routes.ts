import type { RouteHandler } from '../../platform/http/handler.ts'
import { passwordPolicyRoutes } from './password-policy.routes.ts'
import { reportRoutes } from './report.routes.ts'
import { versionRoutes } from './versions.routes.ts'

export function vaultRoutes(deps: Parameters<typeof passwordPolicyRoutes>[0]): RouteHandler[] {
  return [...passwordPolicyRoutes(deps), ...versionRoutes(deps), ...reportRoutes(deps)]
}
