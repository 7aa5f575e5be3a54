import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Refused } from '../api.ts'

/** A code that is asked for where the answer says that it takes a fresh one, and not before. `ask` gets it for what is sent. */
export function useFreshCode(): { field: ReactNode; ask: <T>(send: (code: { code?: string }) => Promise<T>) => Promise<T> } {
  const [code, setCode] = useState<string>()
  return {
    field: code !== undefined && (
      <TextInput
        label="Code"
        description="From your authenticator: more time takes a fresh one"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        maxLength={10}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    ),
    async ask(send) {
      try {
        const fresh = code?.replaceAll(' ', '')
        const answer = await send(fresh ? { code: fresh } : {})
        setCode(undefined)
        return answer
      } catch (refused) {
        if (refused instanceof Refused && refused.body.code === 'access.fresh_code_needed') setCode('')
        throw refused
      }
    },
  }
}
