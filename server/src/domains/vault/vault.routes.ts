import type { RouteHandler } from '../../platform/http/handler.ts'
import { depositRoutes } from './deposit.routes.ts'
import type { DepositDeps } from './deposit-credential.ts'
import { passwordPolicyRoutes } from './password-policy.routes.ts'
import { reportRoutes } from './report.routes.ts'
import { sshAuthorityRoutes } from './ssh-authority.routes.ts'
import type { TrustDeps } from './trust-authority.ts'
import { versionRoutes } from './versions.routes.ts'

export function vaultRoutes(
  deps: Parameters<typeof passwordPolicyRoutes>[0] & DepositDeps & TrustDeps & { goOn: () => void },
): RouteHandler[] {
  return [...passwordPolicyRoutes(deps), ...versionRoutes(deps), ...reportRoutes(deps), ...depositRoutes(deps), ...sshAuthorityRoutes(deps)]
}
