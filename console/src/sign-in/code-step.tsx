import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { useSignInCode } from '../data/identity.ts'
import { NotHere } from '../passkeys/not-here.tsx'
import { PasskeyButton } from '../passkeys/passkey-button.tsx'
import { usePlace } from '../passkeys/use-passkeys.ts'
import { withPasskey } from '../passkeys/with-passkey.ts'
import { CodeField } from '../ui/code-field.tsx'
import { Problem } from '../ui/failure.tsx'

interface Props {
  challenge: string
  /** Where their passkeys can be used; undefined: they have none. */
  passkeysAt: string | null | undefined
  name: string
  onDone: () => void
  onBack: () => void
}

/** The sixth digit sends the code; the button is for those who look for one. */
export function CodeStep({ challenge, passkeysAt, name, onDone, onBack }: Props) {
  const [code, setCode] = useState('')
  const check = useSignInCode()

  const send = (digits: string) => {
    withOne.reset()
    check.mutate(
      { challenge, code: digits },
      {
        onSuccess: onDone,
        // a code is accepted once: a refused one is of no more use, while one that never arrived still is
        onError: (refused) => refused instanceof Refused && setCode(''),
      },
    )
  }
  const place = usePlace(passkeysAt ?? null)
  const withOne = useMutation({
    meta: { atTheDoor: true },
    mutationFn: () => withPasskey((answer) => check.mutateAsync({ challenge, code: answer })),
    onMutate: () => check.reset(),
    onSuccess: onDone,
  })
  const error = withOne.error ?? check.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.length === 6 && !check.isPending) send(code)
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Problem error={withOne.isPending ? undefined : error} />
        <CodeField
          label="Code"
          description={`The six digits that the authenticator of ${name} shows now.`}
          value={code}
          onChange={setCode}
          onComplete={send}
          invalid={!withOne.isPending && error instanceof Refused}
          autoFocus
        />
        {passkeysAt !== undefined &&
          (place.kind === 'here' ? (
            <PasskeyButton does="Sign in" busy={withOne.isPending} onClick={() => withOne.mutate()} />
          ) : (
            <NotHere place={place} />
          ))}
        <Group grow gap="sm">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" loading={check.isPending && !withOne.isPending} disabled={code.length < 6}>
            Sign in
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
