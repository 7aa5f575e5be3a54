import { IconRotateClockwise } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { RotationsSearch } from './search.ts'

const rotations = createRoute({
  getParentRoute: () => shell,
  path: '/rotations',
  component: page(() => import('./rotations-page.tsx'), 'RotationsPage'),
  validateSearch: (search): RotationsSearch => given({ state: one(search.state, 'held', 'done') }),
  staticData: {
    section: { group: 'inventory', order: 3, label: 'Rotations', icon: IconRotateClockwise, for: (viewer) => viewer.seesRotations },
  },
})
const batch = createRoute({
  getParentRoute: () => shell,
  path: '/rotations/batches/$id',
  component: page(() => import('./batch-page.tsx'), 'BatchPage'),
})

export const rotationRoutes = [rotations, batch] as const
