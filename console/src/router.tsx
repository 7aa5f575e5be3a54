import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { accountRoutes } from './accounts/routes.tsx'
import { approvalRoutes } from './approvals/routes.tsx'
import { backupRoutes } from './backups/routes.tsx'
import { breakglassRoutes } from './breakglass/routes.tsx'
import { controlRoutes } from './controls/routes.tsx'
import { credentialRoutes } from './credentials/routes.tsx'
import { enrolRoutes } from './enrol/routes.tsx'
import { homeRoutes } from './home/routes.tsx'
import { keyRoutes } from './keys/routes.tsx'
import { ledgerRoutes } from './ledger/routes.tsx'
import { onboardingRoutes } from './onboarding/routes.tsx'
import { passwordRoutes } from './passwords/routes.tsx'
import { peopleRoutes } from './people/routes.tsx'
import { policyRoutes } from './policies/routes.tsx'
import { requestRoutes } from './requests/routes.tsx'
import { retentionRoutes } from './retention/routes.tsx'
import { rotationRoutes } from './rotations/routes.tsx'
import { sessionRoutes } from './sessions/routes.tsx'
import { Opening } from './shell/opening.tsx'
import { root, shell } from './shell/routes.tsx'
import { signInRoutes } from './sign-in/routes.tsx'
import { signInLinkRoutes } from './sign-in-link/routes.tsx'
import { sshAuthorityRoutes } from './ssh-authority/routes.tsx'
import { targetRoutes } from './targets/routes.tsx'
import { webSessionRoutes } from './web-session/routes.tsx'

/** Every page of the console, a line for each folder. Where a page stands in the navigation, its own route says. */
const pages = shell.addChildren([
  ...homeRoutes,
  ...requestRoutes,
  ...approvalRoutes,
  ...sessionRoutes,
  ...peopleRoutes,
  ...policyRoutes,
  ...retentionRoutes,
  ...passwordRoutes,
  ...ledgerRoutes,
  ...targetRoutes,
  ...accountRoutes,
  ...rotationRoutes,
  ...breakglassRoutes,
  ...onboardingRoutes,
  ...credentialRoutes,
  ...controlRoutes,
  ...backupRoutes,
  ...keyRoutes,
  ...sshAuthorityRoutes,
  ...webSessionRoutes,
  ...signInLinkRoutes,
  //
])

const tree = root.addChildren([...signInRoutes, ...enrolRoutes, pages])

export const createConsoleRouter = (queries: QueryClient) =>
  createRouter({ routeTree: tree, context: { queries }, defaultPreload: false, defaultPendingComponent: Opening, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
