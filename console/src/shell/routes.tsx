import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router'
import { isSignedOut } from '../api.ts'
import { meQuery } from '../data/identity.ts'
import { PageFailure, PageMissing, Root } from './root.tsx'
import { Shell } from './shell.tsx'

export const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  errorComponent: PageFailure,
  notFoundComponent: PageMissing,
})

/** Around every page of somebody who is signed in; who is not is led to the door and back. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(meQuery)
    } catch (error) {
      if (isSignedOut(error)) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
      throw error
    }
  },
})
