import type { access, CredentialKind } from '@claviger/api'
import { Button, Group, NativeSelect, VisuallyHidden } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useState } from 'react'
import { fromBase64 } from '../credentials/as-base64.ts'
import { revealCredential } from '../data/check-out.ts'
import { useAccounts } from '../data/inventory.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { saveFile } from '../ui/save-file.ts'
import { inWords } from '../words/duration.ts'
import { credentialWords } from '../words/inventory.ts'
import styles from './in-hand.module.css'
import { ReadTicket } from './read-ticket.tsx'
import { useSeconds } from './use-seconds.ts'
import { keptSeconds, useShown } from './use-shown.ts'

/** The credential that the viewer holds: masked, shown and copied on demand, and taken away again. */
export function Credential({ grant }: { grant: access.Grant }) {
  const [opened, setOpened] = useState(false)
  const [chosen, setChosen] = useState<CredentialKind>()
  const on = useAccounts({ target: grant.target, search: grant.account }).data?.accounts.find((a) => a.name === grant.account)
  const kinds = on?.credentials.map((c) => c.kind) ?? []
  const { shown, left, show, away, copy } = useShown()
  const name = (
    <code>
      {grant.account}@{grant.target}
    </code>
  )
  return (
    <section className={styles.use} aria-label={`The credential of ${grant.account}@${grant.target}`}>
      <h2>The credential</h2>
      {shown?.file !== undefined ? (
        <ToSave key={shown.until} name={shown.file} value={shown.value} until={shown.until} onAway={away} />
      ) : shown ? (
        <Value key={shown.until} value={shown.value} until={shown.until} onCopy={copy} onAway={away} />
      ) : (
        <>
          <p className={styles.note}>
            You hold {name} alone. Getting its credential takes a code, and stands in the audit log with your name.
          </p>
          {left && <p className={styles.note}>It is still in your clipboard: copy something else, or come back to this page.</p>}
          <Group gap="sm">
            <Button onClick={() => setOpened(true)}>Get the credential…</Button>
            <ReadTicket grant={grant} />
          </Group>
        </>
      )}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Get the credential"
        confirm="Get it"
        act={async ({ code }) => {
          const { value, encoding, about } = await revealCredential(grant.id, code, chosen)
          show(value, encoding === 'base64' ? String(about?.name ?? 'credential') : undefined)
        }}
      >
        Of {name}, once for this code. It comes masked, goes away after {inWords(keptSeconds)}
        {on && !on.replaceable
          ? '. Nobody but a person replaces it: say so when it was seen by more than you.'
          : ', and is replaced when you give the account back.'}
        {kinds.length > 1 && (
          <NativeSelect
            mt="md"
            label="Which"
            data={kinds.map((kind) => ({ value: kind, label: credentialWords[kind] }))}
            value={chosen ?? (kinds.includes('password') ? 'password' : kinds[0])}
            rightSection={<IconSelector size={15} />}
            onChange={(event) => setChosen(event.currentTarget.value as CredentialKind)}
          />
        )}
      </CodeDialog>
    </section>
  )
}

/** A file is not shown, but saved where its holder wants it. */
function ToSave({ name, value, until, onAway }: { name: string; value: string; until: number; onAway: () => void }) {
  const left = Math.max(0, Math.ceil((until - useSeconds(until)) / 1000))
  return (
    <>
      <p>
        <code data-testid="credential">{name}</code>
      </p>
      <Group gap="sm">
        <Button variant="default" onClick={() => saveFile(name, fromBase64(value))}>
          Save
        </Button>
        <Button variant="default" onClick={onAway}>
          Done
        </Button>
        <span className="quiet">goes away in {left} s; what you saved stays</span>
      </Group>
    </>
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
