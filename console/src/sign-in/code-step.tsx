import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { useSignInCode } from '../data/identity.ts'
import { CodeField } from '../ui/code-field.tsx'
import { Problem } from '../ui/failure.tsx'

interface Props {
  challenge: string
  name: string
  onDone: () => void
  onBack: () => void
}

/** The sixth digit sends the code; the button is for those who look for one. */
export function CodeStep({ challenge, name, onDone, onBack }: Props) {
  const [code, setCode] = useState('')
  const check = useSignInCode()

  const send = (digits: string) =>
    check.mutate(
      { challenge, code: digits },
      {
        onSuccess: onDone,
        // a code is accepted once: a refused one is of no more use, while one that never arrived still is
        onError: (error) => error instanceof Refused && setCode(''),
      },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.length === 6 && !check.isPending) send(code)
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Problem error={check.error} />
        <CodeField
          label="Code"
          description={`The six digits that the authenticator of ${name} shows now.`}
          value={code}
          onChange={setCode}
          onComplete={send}
          invalid={check.error instanceof Refused}
          autoFocus
        />
        <Group grow gap="sm">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" loading={check.isPending} disabled={code.length < 6}>
            Sign in
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
