import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { lookAtSeal } from '../seal/noticed.ts'
import { root } from '../shell/routes.tsx'

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: lookAtSeal,
  component: lazyRouteComponent(() => import('./setup-page.tsx'), 'SetupPage'),
})
const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  beforeLoad: lookAtSeal,
  component: lazyRouteComponent(() => import('./enrol-page.tsx'), 'EnrolPage'),
})

export const enrolRoutes = [setup, enrol] as const
