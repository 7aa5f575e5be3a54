import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { root } from '../shell/routes.tsx'

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup-page.tsx'), 'SetupPage'),
})
const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('./enrol-page.tsx'), 'EnrolPage'),
})

export const enrolRoutes = [setup, enrol] as const
