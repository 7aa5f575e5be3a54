import { createRoute } from '@tanstack/react-router'
import { lookAtSeal } from '../seal/noticed.ts'
import { page } from '../shell/opening.tsx'
import { root } from '../shell/routes.tsx'

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: lookAtSeal,
  component: page(() => import('./setup-page.tsx'), 'SetupPage'),
})
const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  beforeLoad: lookAtSeal,
  component: page(() => import('./enrol-page.tsx'), 'EnrolPage'),
})

export const enrolRoutes = [setup, enrol] as const
