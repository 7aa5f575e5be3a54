import { IconHome } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: page(() => import('./home-page.tsx'), 'HomePage'),
  staticData: { section: { group: 'start', order: 1, label: 'Home', icon: IconHome, thumb: true } },
})

export const homeRoutes = [home] as const
