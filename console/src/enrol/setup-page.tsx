import { Button, Skeleton, Stack, TextInput } from '@mantine/core'
import { IconDoorOff, IconLinkOff } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useSetupAdministrator, useSetupStatus } from '../data/identity.ts'
import { links } from '../paths.ts'
import { Door } from '../sign-in/door.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChoosePassword, passwordBlocked } from './choose-password.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import { Enrolled } from './enrolled.tsx'
import { useToken } from './use-token.ts'

/** The first administrator, made with the one-time link that the server printed. */
export function SetupPage() {
  const token = useToken()
  const status = useSetupStatus()
  const setup = useSetupAdministrator()
  const [done, setDone] = useState(false)
  useTitle('First run')

  if (done && setup.data) return <Enrolled name={setup.data.person.name} />
  if (token && setup.data)
    return (
      <Door title="Your authenticator" foot="Step 2 of 2. After this, every change needs a person and a fresh code.">
        <ConfirmStep token={token} enrolment={setup.data} first onDone={() => setDone(true)} />
      </Door>
    )
  return (
    <Door
      title="First run"
      foot={token && status.data?.open ? 'Step 1 of 2. You become the first administrator; invite a second one soon.' : undefined}
    >
      {status.isPending && <Skeleton height={300} />}
      {status.error && <Failure error={status.error} retry={() => status.refetch()} />}
      {status.data && !status.data.open && (
        <Empty
          icon={<IconDoorOff size={30} stroke={1.5} />}
          title="The first run is over"
          action={
            <LinkButton {...links.signIn()} variant="default">
              Sign in
            </LinkButton>
          }
        >
          There is an administrator already. To get in, ask them for an invitation.
        </Empty>
      )}
      {status.data?.open && !token && (
        <Empty icon={<IconLinkOff size={30} stroke={1.5} />} title="This link is not complete">
          Open the whole link that the server printed when it started. A restart prints a new one.
        </Empty>
      )}
      {status.data?.open && token && <AdministratorForm token={token} setup={setup} />}
    </Door>
  )
}

function AdministratorForm({ token, setup }: { token: string; setup: ReturnType<typeof useSetupAdministrator> }) {
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const blocked = !name.trim() || !displayName.trim() || passwordBlocked(password, again) !== undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!blocked) setup.mutate({ token, name: name.trim().toLowerCase(), displayName: displayName.trim(), password })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Problem error={setup.error} />
        <TextInput
          label="Name"
          description="With which you sign in: lower case, no spaces"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={127}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
        />
        <TextInput
          label="Full name"
          description="As others see it"
          autoComplete="name"
          maxLength={100}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <ChoosePassword value={password} onChange={setPassword} again={again} onAgain={setAgain} />
        <Button type="submit" loading={setup.isPending} disabled={blocked} fullWidth>
          Continue
        </Button>
      </Stack>
    </form>
  )
}
