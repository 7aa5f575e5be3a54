import { IconCertificate } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'

const sshAuthority = createRoute({
  getParentRoute: () => shell,
  path: '/ssh-authority',
  component: page(() => import('./ssh-authority-page.tsx'), 'SshAuthorityPage'),
  staticData: {
    section: { group: 'system', order: 5, label: 'SSH authority', icon: IconCertificate, for: (viewer) => viewer.seesSshAuthority },
  },
})

export const sshAuthorityRoutes = [sshAuthority] as const
