import { IconHeartbeat } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const controls = createRoute({
  getParentRoute: () => shell,
  path: '/controls',
  component: page(() => import('./controls-page.tsx'), 'ControlsPage'),
  staticData: { section: { group: 'system', order: 2, label: 'Controls', icon: IconHeartbeat, for: (viewer) => viewer.seesControls } },
})

export const controlRoutes = [controls] as const
