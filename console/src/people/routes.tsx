import { IconUsers } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { PeopleSearch } from './search.ts'

const list = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: page(() => import('./people-page.tsx'), 'PeoplePage'),
  validateSearch: (search): PeopleSearch =>
    given({ search: text(search.search, 64), state: one(search.state, 'invited', 'unconfirmed', 'active', 'disabled') }),
  staticData: { section: { group: 'rules', order: 1, label: 'People', icon: IconUsers } },
})
const person = createRoute({
  getParentRoute: () => shell,
  path: '/people/$id',
  component: page(() => import('./person-page.tsx'), 'PersonPage'),
})

export const peopleRoutes = [list, person] as const
