import { createRoute } from '@tanstack/react-router'
import { lookAtLedger } from '../diverged/noticed.ts'
import { lookAtSeal } from '../seal/noticed.ts'
import { given, text } from '../search.ts'
import { root } from '../shell/routes.tsx'
import { SignInPage } from './sign-in-page.tsx'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: async () => {
    await Promise.all([lookAtSeal(), lookAtLedger()])
  },
  component: SignInPage,
  validateSearch: (search): { to?: string } => given({ to: text(search.to, 500) }),
})

export const signInRoutes = [signIn] as const
