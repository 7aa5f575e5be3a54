import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Refused } from '../api.ts'
import { PasskeyButton } from '../passkeys/passkey-button.tsx'
import { usePasskeys } from '../passkeys/use-passkeys.ts'
import { withPasskey } from '../passkeys/with-passkey.ts'
import { CodeField } from './code-field.tsx'
import { Problem } from './failure.tsx'

interface Props {
  onClose: () => void
  /** What will happen, and to whom; the fields that are part of it. */
  children: ReactNode
  /** What the code is for. */
  about?: string
  /** What may be said besides, below the code. */
  extra?: ReactNode
  /** Beside the buttons: why it cannot be confirmed yet. */
  aside?: ReactNode
  confirm: string
  danger?: boolean | undefined
  /** Whether what is asked for above is given. */
  ready?: boolean
  /** Nothing can be confirmed any more: the form only closes. `children` say why. */
  over?: boolean
  /** Whether the form begins with the code. */
  codeFirst?: boolean
  /** Resolves when done; a refusal rejects, and is shown in the form. */
  act: (code: string) => Promise<unknown>
}

/** The step-up: what is about to happen, and a code or a passkey that says yes to it now. `act` gets either as `code`. */
export function StepUpForm({ onClose, children, about, extra, aside, confirm, danger, ready = true, over, codeFirst, act }: Props) {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState<'code' | 'passkey'>()
  const [error, setError] = useState<unknown>()
  const { usable } = usePasskeys()
  const whole = ready && code.length === 6

  const say = async (by: 'code' | 'passkey') => {
    if (over || busy) return
    setBusy(by)
    setError(undefined)
    try {
      await (by === 'code' ? act(code) : withPasskey(act))
      onClose()
    } catch (refused) {
      // a code is accepted once, also by a refusal
      if (refused instanceof Refused) setCode('')
      setError(refused)
    } finally {
      setBusy(undefined)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (whole) void say('code')
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {children}
        {!over && (
          <>
            <CodeField
              label="Code"
              description={about ?? 'A fresh one from your authenticator, for this alone.'}
              value={code}
              onChange={setCode}
              invalid={error instanceof Refused}
              autoFocus={codeFirst ?? false}
            />
            {usable && (
              <PasskeyButton
                does={confirm}
                busy={busy === 'passkey'}
                disabled={!ready || busy === 'code'}
                onClick={() => void say('passkey')}
              />
            )}
            <Problem error={error} />
            {extra}
          </>
        )}
        <Group justify="flex-end" gap="sm">
          {aside}
          <Button variant="default" onClick={onClose}>
            {over ? 'Close' : 'Cancel'}
          </Button>
          {!over && (
            <Button type="submit" variant={danger ? 'danger' : 'filled'} loading={busy === 'code'} disabled={!whole || busy === 'passkey'}>
              {confirm}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
