import { IconKey } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const keys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  component: page(() => import('./keys-page.tsx'), 'KeysPage'),
  staticData: { section: { group: 'system', order: 3, label: 'Keys', icon: IconKey, for: (viewer) => viewer.closesSeal } },
})

export const keyRoutes = [keys] as const
