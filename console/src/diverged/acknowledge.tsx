import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { Problem } from '../ui/failure.tsx'
import styles from './diverged.module.css'
import { acknowledge, type LedgerState } from './use-ledger-state.ts'

/** For two security officers, one after the other: what they accept stands above what they type. */
export function Acknowledge({ state, why, onDone }: { state: LedgerState; why: string; onDone: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [read, setRead] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [first, setFirst] = useState(false)
  const whole = name.trim() !== '' && password !== '' && code.length === 6 && read

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!whole || busy) return
    setBusy(true)
    setError(undefined)
    setFirst(false)
    try {
      const answer = await acknowledge({ name: name.trim().toLowerCase(), password, code, read: why })
      setName('')
      setRead(false)
      setFirst(!answer.ready)
      announce(answer.ready ? 'Both officers have acknowledged.' : 'Acknowledged. A second officer does the same.')
    } catch (refused) {
      setError(refused)
    } finally {
      // a code is accepted once, also by a refusal
      setCode('')
      setPassword('')
      setBusy(false)
      onDone()
    }
  }

  return (
    <section className={styles.part}>
      <h2>If it is lost: two security officers take note</h2>
      <p>Each of the two accepts, by password and code, that</p>
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
          <Problem error={error} />
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
          <CodeField
            label="Code"
            description="A fresh one from your authenticator, for this alone."
            value={code}
            onChange={setCode}
            invalid={error instanceof Refused}
          />
          <Checkbox
            label="I have read what is wrong, and what follows"
            checked={read}
            onChange={(event) => setRead(event.currentTarget.checked)}
          />
          <Button type="submit" variant="danger" loading={busy} disabled={!whole} fullWidth>
            Acknowledge
          </Button>
        </Stack>
      </form>
    </section>
  )
}
