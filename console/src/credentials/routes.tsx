import { IconFingerprint } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { CredentialsSearch } from './search.ts'

const credentials = createRoute({
  getParentRoute: () => shell,
  path: '/credentials',
  component: page(() => import('./credentials-page.tsx'), 'CredentialsPage'),
  validateSearch: (search): CredentialsSearch => given({ find: one(search.find, 'reused', 'old', 'shared', 'expiring') }),
  staticData: {
    section: { group: 'inventory', order: 9, label: 'Credentials', icon: IconFingerprint, for: (viewer) => viewer.seesCredentialReport },
  },
})

export const credentialRoutes = [credentials] as const
