import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSignIn } from '../data/identity.ts'
import { Problem } from '../ui/failure.tsx'

export function PasswordStep({ onDone }: { onDone: (challenge: string, name: string, passkeysAt: string | null | undefined) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useSignIn()

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const who = name.trim().toLowerCase()
    signIn.mutate(
      { name: who, password },
      { onSuccess: ({ challenge, factors, passkeysAt }) => onDone(challenge, who, factors.includes('passkey') ? passkeysAt : undefined) },
    )
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Problem error={signIn.error} />
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={127}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
          required
          withAsterisk={false}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Continue
        </Button>
      </Stack>
    </form>
  )
}
