import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { isSignedOut } from './api.ts'
import { ApprovalPage } from './approvals/approval-page.tsx'
import { InboxEmptyPane, InboxPage } from './approvals/inbox-page.tsx'
import { meQuery } from './data/identity.ts'
import { MyRequestPage } from './requests/my-request-page.tsx'
import { MyRequestsPage, RequestsEmptyPane } from './requests/my-requests-page.tsx'
import { NewRequestPage } from './requests/new-request-page.tsx'
import { SessionsPage } from './sessions/sessions-page.tsx'
import { PageFailure, PageMissing, Root } from './shell/root.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'

const text = (value: unknown, max: number) => (typeof value === 'string' && value.length > 0 && value.length <= max ? value : undefined)
const one = <T extends string>(value: unknown, ...of: T[]) => of.find((v) => v === value)

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  errorComponent: PageFailure,
  notFoundComponent: PageMissing,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search): { to?: string } => {
    const to = text(search.to, 500)
    return to ? { to } : {}
  },
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./enrol/setup-page.tsx'), 'SetupPage'),
})
const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('./enrol/enrol-page.tsx'), 'EnrolPage'),
})

const shell = createRoute({
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
const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { person } = await context.queries.ensureQueryData(meQuery)
    const decides = person.groups.some((g) => g === 'approvers' || g === 'security')
    throw redirect({ to: decides ? '/approvals' : person.groups.includes('auditors') ? '/sessions' : '/requests' })
  },
})

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  component: InboxPage,
  validateSearch: (search): { show?: 'decided' } => (search.show === 'decided' ? { show: 'decided' } : {}),
})
const noApproval = createRoute({ getParentRoute: () => approvals, path: '/', component: InboxEmptyPane })
const approval = createRoute({ getParentRoute: () => approvals, path: '/$id', component: ApprovalPage })

const requests = createRoute({ getParentRoute: () => shell, path: '/requests', component: MyRequestsPage })
const noRequest = createRoute({ getParentRoute: () => requests, path: '/', component: RequestsEmptyPane })
const newRequest = createRoute({
  getParentRoute: () => requests,
  path: '/new',
  component: NewRequestPage,
  validateSearch: (search): { account?: string } => {
    const account = text(search.account, 129)
    return account ? { account } : {}
  },
})
const request = createRoute({ getParentRoute: () => requests, path: '/$id', component: MyRequestPage })

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  component: SessionsPage,
  validateSearch: (search): { state?: 'running' | 'ended' } => {
    const state = one(search.state, 'running', 'ended')
    return state ? { state } : {}
  },
})
const session = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('./sessions/session-page.tsx'), 'SessionPage'),
})

const tree = root.addChildren([
  signIn,
  setup,
  enrol,
  shell.addChildren([
    home,
    approvals.addChildren([noApproval, approval]),
    requests.addChildren([noRequest, newRequest, request]),
    sessions,
    session,
  ]),
])

export const createConsoleRouter = (queries: QueryClient) =>
  createRouter({ routeTree: tree, context: { queries }, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
