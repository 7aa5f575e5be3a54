import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Refused } from '../api.ts'
import { usePasskeys } from '../passkeys/use-passkeys.ts'
import { CodeOrPasskey, freshCodeNeeded } from './code-or-passkey.tsx'
import { Problem } from './failure.tsx'
import { useStepUp } from './use-step-up.ts'

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
  /** A code is asked for where the answer says that it takes a fresh one, and not before: until then `act` gets an empty one. */
  onlyIfAsked?: boolean
  /** Resolves when done; a refusal rejects, and is shown in the form. */
  act: (code: string) => Promise<unknown>
}

/** The step-up: what is about to happen, and a code or a passkey that says yes to it now. `act` gets either as `code`. */
export function StepUpForm({ onClose, children, ready = true, over, act, ...about }: Props) {
  const [asked, setAsked] = useState(!about.onlyIfAsked)
  const { usable } = usePasskeys()
  const stepUp = useStepUp(act)
  const { code, busy, error } = stepUp
  const whole = ready && (!asked || code.length === 6)

  const say = async (by: 'code' | 'passkey') => {
    if (over || busy) return
    const failed = await stepUp.say(by)
    if (failed === undefined) onClose()
    else if (failed instanceof Refused && failed.body.code === freshCodeNeeded) setAsked(true)
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
            {asked ? (
              <CodeOrPasskey
                stepUp={stepUp}
                about={about.about ?? 'A fresh one from your authenticator, for this alone.'}
                does={about.confirm}
                ready={ready}
                passkey={usable}
                autoFocus={about.codeFirst ?? about.onlyIfAsked ?? false}
                onPasskey={() => void say('passkey')}
              />
            ) : (
              <Problem error={error} />
            )}
            {about.extra}
          </>
        )}
        <Group justify="flex-end" gap="sm">
          {about.aside}
          <Button variant="default" onClick={onClose}>
            {over ? 'Close' : 'Cancel'}
          </Button>
          {!over && (
            <Button
              type="submit"
              variant={about.danger ? 'danger' : 'filled'}
              loading={busy === 'code'}
              disabled={!whole || busy === 'passkey'}
            >
              {about.confirm}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
