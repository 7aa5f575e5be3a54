import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

/** What the SSH gateway prints into a terminal. */
const link = createRoute({
  getParentRoute: () => shell,
  path: '/link/$code',
  component: page(() => import('./link-page.tsx'), 'LinkPage'),
})

export const signInLinkRoutes = [link] as const
