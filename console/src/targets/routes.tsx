import { IconServer2 } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text, whole } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { TargetsSearch } from './search.ts'

const targets = createRoute({
  getParentRoute: () => shell,
  path: '/targets',
  component: page(() => import('./targets-page.tsx'), 'TargetsPage'),
  validateSearch: (search): TargetsSearch =>
    given({
      search: text(search.search, 64),
      tier: whole(search.tier, 0, 3),
      environment: one(search.environment, 'production', 'staging', 'development', 'lab'),
      after: text(search.after, 64),
      before: whole(search.before, 1, 1_000_000),
    }),
  staticData: {
    section: {
      group: 'inventory',
      order: 1,
      label: 'Targets',
      icon: IconServer2,
      for: (viewer) => viewer.seesInventory,
    },
  },
})
const fresh = createRoute({
  getParentRoute: () => shell,
  path: '/targets/new',
  component: page(() => import('./add-target-page.tsx'), 'AddTargetPage'),
})
const target = createRoute({
  getParentRoute: () => shell,
  path: '/targets/$id',
  component: page(() => import('./target-page.tsx'), 'TargetPage'),
})

export const targetRoutes = [targets, fresh, target] as const
