import { IconArchive } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const retention = createRoute({
  getParentRoute: () => shell,
  path: '/retention',
  component: page(() => import('./retention-page.tsx'), 'RetentionPage'),
  staticData: { section: { group: 'rules', order: 6, label: 'Retention', icon: IconArchive, for: (viewer) => viewer.seesRetention } },
})

export const retentionRoutes = [retention] as const
