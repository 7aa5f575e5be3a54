import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { useConfirmAuthenticator, useReplaceAuthenticator } from '../data/people.ts'
import { Authenticator } from '../enrol/authenticator.tsx'
import { PasskeyButton } from '../passkeys/passkey-button.tsx'
import { usePasskeys } from '../passkeys/use-passkeys.ts'
import { withPasskey } from '../passkeys/with-passkey.ts'
import { links } from '../paths.ts'
import { CodeField } from '../ui/code-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'

interface Props {
  opened: boolean
  onClose: () => void
}

/** A new phone: password and a code of the old authenticator (or a passkey), then the new one and its first code. The old one counts until then. */
export const ReplaceAuthenticator = ({ opened, onClose }: Props) => (
  <Dialog opened={opened} onClose={onClose} title="Replace your authenticator">
    <Steps onClose={onClose} />
  </Dialog>
)

function Steps({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [begin, confirm] = [useReplaceAuthenticator(), useConfirmAuthenticator()]
  const [navigate, queries] = [useNavigate(), useQueryClient()]
  const begun = begin.data
  const step = begun ? confirm : begin
  const ready = code.length === 6 && (begun !== undefined || password !== '')
  // a code is accepted once, also by a refusal
  const onError = (refused: unknown) => refused instanceof Refused && setCode('')
  const { usable } = usePasskeys()
  // who lost the phone and not the passkey helps themselves
  const passkey = useMutation({
    meta: { atTheDoor: true },
    mutationFn: () => withPasskey((said) => begin.mutateAsync({ password, code: said })),
    onSuccess: () => setCode(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready || step.isPending) return
    if (!begun) return begin.mutate({ password, code }, { onSuccess: () => setCode(''), onError })
    confirm.mutate(
      { token: begun.token, code },
      {
        onSuccess: async () => {
          await navigate(links.signIn())
          queries.clear()
        },
        onError,
      },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {begun ? (
          <Authenticator {...begun.totp} />
        ) : (
          <>
            <p>You get a new key for the app on another phone. The old one counts until the new one has shown its first code.</p>
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              maxLength={256}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              data-autofocus
              required
            />
          </>
        )}
        <CodeField
          key={begun ? 'new' : 'old'}
          label={begun ? 'Code of the new one' : 'Code of the old one'}
          description={begun ? 'The six digits that the new one shows. Then you sign in again with it.' : 'A fresh one, for this alone.'}
          value={code}
          onChange={setCode}
          invalid={step.error instanceof Refused}
          autoFocus={begun !== undefined}
        />
        {!begun && usable && (
          <PasskeyButton does="Continue" busy={passkey.isPending} disabled={password === ''} onClick={() => passkey.mutate()} />
        )}
        <Problem error={passkey.isPending ? undefined : (passkey.error ?? step.error)} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={step.isPending} disabled={!ready}>
            {begun ? 'Replace' : 'Continue'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
