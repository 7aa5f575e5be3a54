import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useRemoveAuthenticator } from '../data/people.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { factorWords } from '../words/people.ts'
import { OneTimeLink } from './one-time-link.tsx'
import { ReplaceAuthenticator } from './replace-authenticator.tsx'

type Factor = people.PersonDetails['factors'][number]

const columns: Column<Factor>[] = [
  { name: 'Kind', cell: (f) => factorWords[f.kind], narrow: 'top' },
  { name: 'Enrolled', cell: (f) => <When at={f.enrolledAt} as="moment" />, narrow: 'bottom', called: 'enrolled' },
  {
    name: 'Last used',
    cell: (f) => (f.lastUsedAt ? <When at={f.lastUsedAt} /> : <span className="quiet">not known</span>),
    narrow: 'middle',
    called: 'used',
    tight: true,
  },
  {
    name: 'State',
    cell: (f) => <StateChip {...(f.lockedUntil ? { word: 'Locked', tone: 'bad' } : { word: 'In use', tone: 'good' })} />,
    narrow: 'top-end',
    tight: true,
  },
]

/** What somebody signs in with. One's own authenticator is replaced, never removed: nobody leaves themselves without a way in. */
export function Factors({ shown }: { shown: people.PersonDetails }) {
  const { person: p, factors } = shown
  const viewer = useViewer()
  const own = viewer.id === p.id
  const may = own || (viewer.changesPeople && (p.state === 'active' || p.state === 'unconfirmed'))
  const [open, setOpen] = useState(false)
  const [link, setLink] = useState<string>()
  const remove = useRemoveAuthenticator(p.id)
  const change: Column<Factor> = {
    name: 'Change',
    cell: (f) =>
      f.kind === 'totp' && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={own ? 'Replace your authenticator' : `Remove the authenticator of ${p.displayName}`}
          onClick={() => setOpen(true)}
        >
          {own ? 'Replace…' : 'Remove…'}
        </Button>
      ),
    narrow: 'bottom-end',
    tight: true,
  }
  return (
    <Section title="Factors">
      {factors.length === 0 ? (
        <p className="quiet">None yet: the enrolment link makes them.</p>
      ) : (
        <Rows label="Factors" rows={factors} idOf={(f) => f.id} columns={may ? [...columns, change] : columns} />
      )}
      {own && <ReplaceAuthenticator opened={open} onClose={() => setOpen(false)} />}
      {!own && (
        <CodeDialog
          opened={open}
          onClose={() => setOpen(false)}
          title={`Remove the authenticator of ${p.displayName}`}
          confirm="Remove"
          danger
          reason={{ placeholder: 'Lost their phone' }}
          act={async (given) => setLink((await remove.mutateAsync(given)).enrolmentToken)}
        >
          At once: what runs for them ends. A one-time link gives them another authenticator, with their own password. Their passkeys, often
          on the same phone, go with it. Their SSH keys stay; for a lost laptop, reset them instead.
        </CodeDialog>
      )}
      {link && <OneTimeLink token={link} who={p.displayName} kept onClose={() => setLink(undefined)} />}
    </Section>
  )
}
