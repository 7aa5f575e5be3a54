import { IconTerminal2 } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, seconds, text, whole } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { SessionsSearch } from './search.ts'
import { SessionsPage } from './sessions-page.tsx'

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  component: SessionsPage,
  validateSearch: (search): SessionsSearch => given({ state: one(search.state, 'running', 'ended'), search: text(search.search, 64) }),
  staticData: {
    section: { group: 'access', order: 3, label: 'Sessions', icon: IconTerminal2, thumb: true },
  },
})
const session = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$id',
  component: page(() => import('./session-page.tsx'), 'SessionPage'),
  validateSearch: (search): { statement?: number; at?: number } =>
    given({ statement: whole(search.statement, 1, 10_000_000), at: seconds(search.at) }),
})

const search = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/search',
  component: page(() => import('./search-page.tsx'), 'SearchPage'),
})

export const sessionRoutes = [sessions, search, session] as const
