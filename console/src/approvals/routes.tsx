import { IconChecklist } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text } from '../search.ts'
import { shell } from '../shell/routes.tsx'
import { ApprovalPage } from './approval-page.tsx'
import { InboxEmptyPane, InboxPage } from './inbox-page.tsx'
import { WaitingCount } from './waiting-count.tsx'

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  component: InboxPage,
  validateSearch: (search): { show?: 'decided'; ticket?: string } =>
    given({ show: one(search.show, 'decided'), ticket: text(search.ticket, 64) }),
  staticData: {
    section: {
      group: 'access',
      order: 2,
      label: 'Approvals',
      icon: IconChecklist,
      for: (viewer) => viewer.seesDecisions,
      thumb: true,
      Count: WaitingCount,
    },
  },
})
const none = createRoute({ getParentRoute: () => approvals, path: '/', component: InboxEmptyPane })
const approval = createRoute({ getParentRoute: () => approvals, path: '/$id', component: ApprovalPage })

export const approvalRoutes = [approvals.addChildren([none, approval])] as const
