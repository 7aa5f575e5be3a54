import type { access } from '@claviger/api'
import { Button, Group, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { revealCredential } from '../data/check-out.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { inWords } from '../words/duration.ts'
import styles from './in-hand.module.css'
import { useSeconds } from './use-seconds.ts'
import { keptSeconds, useShown } from './use-shown.ts'

/** The credential that the viewer holds: masked, shown and copied on demand, and taken away again. */
export function Credential({ grant }: { grant: access.Grant }) {
  const [opened, setOpened] = useState(false)
  const { shown, left, show, away, copy } = useShown()
  const name = (
    <code>
      {grant.account}@{grant.target}
    </code>
  )
  return (
    <section className={styles.use} aria-label={`The credential of ${grant.account}@${grant.target}`}>
      <h2>The credential</h2>
      {shown ? (
        <Value key={shown.until} value={shown.value} until={shown.until} onCopy={copy} onAway={away} />
      ) : (
        <>
          <p className={styles.note}>
            You hold {name} alone. Getting its credential takes a code, and stands in the audit log with your name.
          </p>
          {left && <p className={styles.note}>It is still in your clipboard: copy something else, or come back to this page.</p>}
          <Group gap="sm">
            <Button onClick={() => setOpened(true)}>Get the credential…</Button>
          </Group>
        </>
      )}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Get the credential"
        confirm="Get it"
        act={async ({ code }) => show((await revealCredential(grant.id, code)).value)}
      >
        Of {name}, once for this code. It comes masked, goes away after {inWords(keptSeconds)}, and is replaced when you give the account
        back.
      </CodeDialog>
    </section>
  )
}

interface ValueProps {
  value: string
  until: number
  onCopy: () => void
  onAway: () => void
}

function Value({ value, until, onCopy, onAway }: ValueProps) {
  const [seen, setSeen] = useState(false)
  const left = Math.max(0, Math.ceil((until - useSeconds(until)) / 1000))
  return (
    <>
      <code className={styles.value} data-testid="credential">
        {seen ? (
          value
        ) : (
          <>
            <span aria-hidden="true">••••••••••••••••••••</span>
            <VisuallyHidden>masked</VisuallyHidden>
          </>
        )}
      </code>
      <Group gap="sm">
        <Button variant="default" onClick={() => setSeen(!seen)}>
          {seen ? 'Mask' : 'Show'}
        </Button>
        <Button variant="default" onClick={onCopy}>
          Copy
        </Button>
        <Button variant="default" onClick={onAway}>
          Done
        </Button>
        <span className="quiet">goes away in {left} s</span>
      </Group>
    </>
  )
}
