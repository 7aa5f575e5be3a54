import type { retention as api } from '@claviger/api'
import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useHolds, useLiftHold, usePlaceHold } from '../data/retention.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'

type Hold = api.LegalHold
const kinds = { session: 'ses', person: 'per', account: 'acc', target: 'tgt' } as const

const columns = (changes: boolean): Column<Hold>[] => [
  { name: 'On', cell: (h) => `${h.kind} ${h.subjectName}`, narrow: 'top' },
  { name: 'Case', cell: (h) => h.caseNumber, narrow: 'middle', called: 'case' },
  { name: 'Reason', cell: (h) => h.reason, narrow: 'bottom' },
  { name: 'Placed', cell: (h) => <When at={h.placedAt} as="moment" />, tight: true },
  { name: 'By', cell: (h) => h.placedBy, tight: true },
  {
    name: 'State',
    cell: (h) => (
      <StateChip {...(h.state === 'placed' ? { word: 'Held', tone: 'wait' } : { word: `Lifted by ${h.liftedBy}`, tone: 'over' })} />
    ),
    narrow: 'top-end',
    tight: true,
  },
  ...(changes
    ? [{ name: 'Act', cell: (h: Hold) => h.state === 'placed' && <Lift {...h} />, narrow: 'bottom-end' as const, tight: true as const }]
    : []),
]

/** What nothing destroys, however long its period is over. */
export function Holds({ changes }: { changes: boolean }) {
  const found = useHolds(true)
  return (
    <Section title="Legal holds" aside={changes && <Place />}>
      {found.data?.holds.length === 0 ? (
        <p>Nothing is held.</p>
      ) : (
        <Rows label="Legal holds" rows={found.data?.holds} columns={columns(changes)} idOf={(h) => h.id} />
      )}
    </Section>
  )
}

function Place() {
  const [opened, setOpened] = useState(false)
  const [kind, setKind] = useState<keyof typeof kinds>('session')
  const [subject, setSubject] = useState('')
  const [caseNumber, setCase] = useState('')
  const place = usePlaceHold()
  const given = subject.trim()
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Place a hold…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Place a legal hold"
        confirm="Hold"
        reason={{ placeholder: 'A dispute' }}
        ready={new RegExp(`^${kinds[kind]}_[a-z0-9]{10}$`).test(given) && caseNumber.trim() !== ''}
        act={({ code, reason }) => place.mutateAsync({ kind, subject: given, caseNumber: caseNumber.trim(), reason, code })}
      >
        <p>Nothing destroys these recordings, nor those to come, until another security officer lifts the hold.</p>
        <Select
          label="On a"
          data={Object.keys(kinds)}
          value={kind}
          allowDeselect={false}
          onChange={(value) => setKind((value ?? 'session') as keyof typeof kinds)}
        />
        <TextInput
          label="Its id"
          placeholder={`${kinds[kind]}_…`}
          description="It stands in the address of its page."
          value={subject}
          maxLength={14}
          required
          onChange={(e) => setSubject(e.currentTarget.value)}
        />
        <TextInput label="Case number" value={caseNumber} maxLength={100} required onChange={(e) => setCase(e.currentTarget.value)} />
      </CodeDialog>
    </>
  )
}

function Lift({ id, subjectName, kind, placedBy }: Hold) {
  const [opened, setOpened] = useState(false)
  const lift = useLiftHold(id)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)} aria-label={`Lift the hold on ${kind} ${subjectName}`}>
        Lift…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Lift the legal hold"
        confirm="Lift"
        danger
        reason={{ placeholder: 'The case is closed' }}
        act={(given) => lift.mutateAsync(given)}
      >
        <p>
          {placedBy} placed it on the {kind} {subjectName}; another security officer lifts it. From then on its class says how long it is
          kept.
        </p>
      </CodeDialog>
    </>
  )
}
