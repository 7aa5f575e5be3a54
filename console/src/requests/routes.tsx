import { IconHandStop } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, text } from '../search.ts'
import { shell } from '../shell/routes.tsx'
import { MyRequestPage } from './my-request-page.tsx'
import { MyRequestsPage, RequestsEmptyPane } from './my-requests-page.tsx'
import { NewRequestPage } from './new-request-page.tsx'

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  component: MyRequestsPage,
  staticData: {
    section: { group: 'access', order: 1, label: 'My requests', icon: IconHandStop, thumb: true },
  },
})
const none = createRoute({ getParentRoute: () => requests, path: '/', component: RequestsEmptyPane })
const fresh = createRoute({
  getParentRoute: () => requests,
  path: '/new',
  component: NewRequestPage,
  validateSearch: (search): { account?: string } => given({ account: text(search.account, 129) }),
})
const request = createRoute({ getParentRoute: () => requests, path: '/$id', component: MyRequestPage })

export const requestRoutes = [requests.addChildren([none, fresh, request])] as const
