import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const terminal = createRoute({
  getParentRoute: () => shell,
  path: '/grants/$id/terminal',
  component: page(() => import('./terminal-page.tsx'), 'TerminalPage'),
})

export const webSessionRoutes = [terminal] as const
