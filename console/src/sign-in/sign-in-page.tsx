import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { safeDestination } from '../paths.ts'
import { useTitle } from '../ui/use-title.ts'
import { CodeStep } from './code-step.tsx'
import { Door } from './door.tsx'
import { PasswordStep } from './password-step.tsx'

const route = getRouteApi('/sign-in')

/** Name and password, then a code, then to where the person wanted to go. */
export function SignInPage() {
  const { to } = route.useSearch()
  const [asked, setAsked] = useState<{ challenge: string; name: string; passkeysAt: string | null | undefined }>()
  const queries = useQueryClient()
  const router = useRouter()
  useTitle('Sign in')

  const enter = async () => {
    queries.clear()
    await router.invalidate()
    // a path with its search and hash, from our own address bar: the history takes it as it is
    router.history.replace(safeDestination(to))
  }

  return (
    <Door
      title={asked ? 'Second factor' : 'Sign in'}
      foot={
        asked
          ? 'Lost your authenticator? Ask an administrator for a new invitation.'
          : 'Every sign-in is kept in the tamper-evident audit log.'
      }
    >
      {asked ? (
        <CodeStep {...asked} onDone={enter} onBack={() => setAsked(undefined)} />
      ) : (
        <PasswordStep onDone={(challenge, name, passkeysAt) => setAsked({ challenge, name, passkeysAt })} />
      )}
    </Door>
  )
}
