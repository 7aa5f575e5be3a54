import { Button, PasswordInput, Stack } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useEnrol } from '../data/identity.ts'
import { Door } from '../sign-in/door.tsx'
import { Empty } from '../ui/empty.tsx'
import { Problem } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChoosePassword, passwordBlocked } from './choose-password.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import { Enrolled } from './enrolled.tsx'
import { useToken } from './use-token.ts'

/** An invited person: a password of their own, an authenticator, a first code. */
export function EnrolPage() {
  // before the token is taken out of the address, and all that stands there with it
  const [kept] = useState(() => new URLSearchParams(window.location.search).get('password') === 'kept')
  const token = useToken()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [done, setDone] = useState(false)
  const enrol = useEnrol()
  useTitle('Enrol')

  if (!token)
    return (
      <Door title="Enrol">
        <Empty icon={<IconLinkOff size={30} stroke={1.5} />} title="This link is not complete">
          Open the whole link from your invitation once more, or ask an administrator for a new one.
        </Empty>
      </Door>
    )
  if (done && enrol.data) return <Enrolled name={enrol.data.person.name} />
  if (enrol.data)
    return (
      <Door title={`Welcome, ${enrol.data.person.displayName}`} foot="Step 2 of 2">
        <ConfirmStep token={token} enrolment={enrol.data} first={false} onDone={() => setDone(true)} />
      </Door>
    )

  const submit = (event: FormEvent) => {
    event.preventDefault()
    enrol.mutate({ token, password })
  }
  return (
    <Door title={kept ? 'Your password' : 'Choose a password'} foot="Step 1 of 2. You will need an authenticator app on your phone.">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Problem error={enrol.error} />
          {kept ? (
            <PasswordInput
              label="Password"
              description="The one that you have: only your authenticator is a new one"
              autoComplete="current-password"
              maxLength={256}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
          ) : (
            <ChoosePassword value={password} onChange={setPassword} again={again} onAgain={setAgain} />
          )}
          <Button
            type="submit"
            loading={enrol.isPending}
            disabled={passwordBlocked(password, kept ? password : again) !== undefined}
            fullWidth
          >
            Continue
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
