import { IconKey } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text, whole } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { AccountsSearch } from './search.ts'

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  component: page(() => import('./accounts-page.tsx'), 'AccountsPage'),
  validateSearch: (search): AccountsSearch =>
    given({
      search: text(search.search, 64),
      category: one(search.category, 'domain-admin', 'local-admin', 'service', 'database', 'cloud-iam', 'network-device', 'application'),
      tier: whole(search.tier, 0, 3),
      state: one(search.state, 'found', 'managed', 'held'),
      target: text(search.target, 64),
      after: text(search.after, 64),
      before: whole(search.before, 1, 1_000_000),
    }),
  staticData: {
    section: { group: 'inventory', order: 2, label: 'Accounts', icon: IconKey, for: (viewer) => viewer.seesInventory },
  },
})
const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$id',
  component: page(() => import('./account-page.tsx'), 'AccountPage'),
})

export const accountRoutes = [accounts, account] as const
