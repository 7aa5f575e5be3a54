import { IconTableImport } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  component: page(() => import('./imports-page.tsx'), 'ImportsPage'),
  staticData: { section: { group: 'inventory', order: 5, label: 'Imports', icon: IconTableImport, for: (viewer) => viewer.imports } },
})

export const onboardingRoutes = [imports] as const
