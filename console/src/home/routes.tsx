import { createRoute, redirect } from '@tanstack/react-router'
import { meQuery } from '../data/identity.ts'
import { shell } from '../shell/routes.tsx'

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { person } = await context.queries.ensureQueryData(meQuery)
    const decides = person.groups.some((g) => g === 'approvers' || g === 'security')
    throw redirect({ to: decides ? '/approvals' : person.groups.includes('auditors') ? '/sessions' : '/requests' })
  },
})

export const homeRoutes = [home] as const
