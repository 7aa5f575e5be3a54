import { IconRotateClockwise } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const rotations = createRoute({
  getParentRoute: () => shell,
  path: '/rotations',
  component: page(() => import('./rotations-page.tsx'), 'RotationsPage'),
  staticData: {
    section: { group: 'inventory', order: 3, label: 'Rotations', icon: IconRotateClockwise, for: (viewer) => viewer.rotates },
  },
})

export const rotationRoutes = [rotations] as const
