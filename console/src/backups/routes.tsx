import { IconDatabaseExport } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const backups = createRoute({
  getParentRoute: () => shell,
  path: '/backups',
  component: page(() => import('./backups-page.tsx'), 'BackupsPage'),
  staticData: { section: { group: 'system', order: 4, label: 'Backups', icon: IconDatabaseExport, for: (viewer) => viewer.seesBackups } },
})

export const backupRoutes = [backups] as const
