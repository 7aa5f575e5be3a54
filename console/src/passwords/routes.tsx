import { IconPassword } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const passwords = createRoute({
  getParentRoute: () => shell,
  path: '/passwords',
  component: page(() => import('./passwords-page.tsx'), 'PasswordsPage'),
  staticData: { section: { group: 'rules', order: 3, label: 'Passwords', icon: IconPassword, for: (viewer) => viewer.seesInventory } },
})

export const passwordRoutes = [passwords] as const
