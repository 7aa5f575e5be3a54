import { IconScale } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { PoliciesSearch } from './search.ts'

const policies = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  component: page(() => import('./policies-page.tsx'), 'PoliciesPage'),
  validateSearch: (search): PoliciesSearch =>
    given({
      show: one(search.show, 'why', 'who', 'changes'),
      person: text(search.person, 127),
      account: text(search.account, 129),
      action: one(search.action, 'reveal'),
    }),
  staticData: { section: { group: 'rules', order: 2, label: 'Policies', icon: IconScale, for: (viewer) => viewer.seesInventory } },
})

export const policyRoutes = [policies] as const
