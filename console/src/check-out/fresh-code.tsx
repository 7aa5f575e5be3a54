import { Checkbox, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Refused } from '../api.ts'
import { usePasskeys } from '../passkeys/use-passkeys.ts'
import { withPasskey } from '../passkeys/with-passkey.ts'

/** A code that is asked for where the answer says that it takes a fresh one, and not before. `ask` gets it for what is sent. */
export function useFreshCode(): { field: ReactNode; ask: <T>(send: (code: { code?: string }) => Promise<T>) => Promise<T> } {
  const [code, setCode] = useState<string>()
  const [byPasskey, setByPasskey] = useState(false)
  const { usable } = usePasskeys()
  return {
    field: code !== undefined && (
      <Stack gap="xs">
        <TextInput
          label="Code"
          description="From your authenticator: more time takes a fresh one"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          maxLength={10}
          disabled={byPasskey}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {usable && (
          <Checkbox label="Use a passkey instead" checked={byPasskey} onChange={(event) => setByPasskey(event.currentTarget.checked)} />
        )}
      </Stack>
    ),
    async ask(send) {
      try {
        const fresh = code?.replaceAll(' ', '')
        const answer = byPasskey ? await withPasskey((said) => send({ code: said })) : await send(fresh ? { code: fresh } : {})
        setCode(undefined)
        return answer
      } catch (refused) {
        if (refused instanceof Refused && refused.body.code === 'access.fresh_code_needed') setCode('')
        throw refused
      }
    },
  }
}
