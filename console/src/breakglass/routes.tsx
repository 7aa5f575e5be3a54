import { IconUrgent } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const breakglass = createRoute({
  getParentRoute: () => shell,
  path: '/break-glass',
  component: page(() => import('./breakglass-page.tsx'), 'BreakglassPage'),
  staticData: {
    section: { group: 'inventory', order: 4, label: 'Break-glass', icon: IconUrgent, for: (viewer) => viewer.seesActivations },
  },
})

export const breakglassRoutes = [breakglass] as const
