import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { NoPasskey } from '../passkeys/browser.ts'
import { usePlace } from '../passkeys/use-passkeys.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeOrPasskey } from '../ui/code-or-passkey.tsx'
import { useStepUp } from '../ui/use-step-up.ts'
import styles from './diverged.module.css'
import { acknowledge, type LedgerState } from './use-ledger-state.ts'

/** For two security officers, one after the other: what they accept stands above what they type. */
export function Acknowledge({ state, why, onDone }: { state: LedgerState; why: string; onDone: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [read, setRead] = useState(false)
  const [first, setFirst] = useState(false)
  const passkey = usePlace(state.passkeysAt).kind === 'here'
  const stepUp = useStepUp(async (code) => {
    const answer = await acknowledge({ name: name.trim().toLowerCase(), password, code, read: why })
    setName('')
    setRead(false)
    stepUp.setCode('')
    setFirst(!answer.ready)
    announce(answer.ready ? 'Both officers have acknowledged.' : 'Acknowledged. A second officer does the same.')
  })
  const ready = name.trim() !== '' && password !== '' && read
  const whole = ready && stepUp.code.length === 6

  const say = async (by: 'code' | 'passkey') => {
    if (stepUp.busy) return
    setFirst(false)
    const failed = await stepUp.say(by)
    // no passkey answered: they try again, or type a code
    if (!(failed instanceof NoPasskey)) setPassword('')
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (whole) void say('code')
  }

  return (
    <section className={styles.part}>
      <h2>If it is lost: two security officers take note</h2>
      <p>Each of the two accepts, by password and a code or a passkey, that</p>
      <ul className={styles.accepted}>
        <li>
          what the database holds at that moment becomes the log. What is missing stays missing, and whoever kept a checkpoint of it finds
          that for ever;
        </li>
        <li>a new epoch begins: all sign-ins, certificates, connection tickets and grants are void, and everybody signs in again;</li>
        <li>an alarm in the ledger names both officers, and what they took note of.</li>
      </ul>
      <p className="quiet">It does not say that nothing happened. It says that two people know.</p>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="md">
          <p className={styles.count} role="status">
            <strong>
              {state.officers} of {state.needed}
            </strong>{' '}
            officers have acknowledged{state.officers > 0 && ': now another one'}.
          </p>
          {first && (
            <p className={styles.good} role="status">
              Acknowledged. Nothing opens yet: a second officer does the same, here or at a screen of their own.
            </p>
          )}
          <TextInput
            label="Name"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={127}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
          />
          <Checkbox
            label="I have read what is wrong, and what follows"
            checked={read}
            onChange={(event) => setRead(event.currentTarget.checked)}
          />
          <CodeOrPasskey
            stepUp={stepUp}
            about="A fresh one from your authenticator, for this alone."
            does="Acknowledge"
            ready={ready}
            passkey={passkey}
            onPasskey={() => void say('passkey')}
          />
          <Button type="submit" variant="danger" loading={stepUp.busy === 'code'} disabled={!whole || stepUp.busy === 'passkey'} fullWidth>
            Acknowledge
          </Button>
        </Stack>
      </form>
    </section>
  )
}
