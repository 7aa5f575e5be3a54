import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const terminal = createRoute({
  getParentRoute: () => shell,
  path: '/grants/$id/terminal',
  component: page(() => import('./terminal-page.tsx'), 'TerminalPage'),
})

const sql = createRoute({
  getParentRoute: () => shell,
  path: '/grants/$id/sql',
  component: page(() => import('./sql/sql-page.tsx'), 'SqlPage'),
})

export const webSessionRoutes = [terminal, sql] as const
