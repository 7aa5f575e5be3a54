import type { retention as api } from '@claviger/api'
import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeClass } from '../data/retention.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { anchorWords, appliesInWords, spellMonths } from '../words/retention.ts'
import styles from './classes.module.css'

type Class = api.RetentionClass
const last = (c: Class) => c.terms.at(-1)

const columns = (changes: boolean): Column<Class>[] => [
  { name: 'Class', cell: (c) => c.name, narrow: 'top' },
  { name: 'Kept', cell: (c) => spellMonths(last(c)?.months ?? 0), narrow: 'middle', tight: true },
  { name: 'From when', cell: (c) => anchorWords[c.anchor], narrow: 'bottom', called: 'from when' },
  {
    name: 'For',
    cell: (c) => <span className={styles.words}>{appliesInWords(last(c)?.applies ?? null, c.targetNames)}</span>,
    narrow: 'middle-end',
  },
  {
    name: 'State',
    cell: (c) => <StateChip {...(c.confirmed ? { word: 'Confirmed', tone: 'good' } : { word: 'Not confirmed', tone: 'wait' })} />,
    narrow: 'top-end',
    tight: true,
  },
  {
    name: 'The regulation itself',
    cell: ({ source }) =>
      source ? (
        <span title={source.says}>
          {source.months === null ? 'no minimum' : spellMonths(source.months)} <span className="quiet">({source.where})</span>
        </span>
      ) : (
        '–'
      ),
  },
  ...(changes ? [{ name: 'Act', cell: (c: Class) => <Change {...c} />, narrow: 'bottom-end' as const, tight: true as const }] : []),
]

export const Classes = ({ rows, changes }: { rows: readonly Class[] | undefined; changes: boolean }) => (
  <Rows label="Retention classes" rows={rows} columns={columns(changes)} idOf={(c) => c.id} />
)

function Change(found: Class) {
  const [opened, setOpened] = useState(false)
  const term = last(found)
  const [months, setMonths] = useState(term?.months ?? 12)
  const change = useChangeClass(found.id)
  const verb = found.confirmed ? 'Change' : 'Confirm'
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)} aria-label={`${verb} the class ${found.name}`}>
        {verb}…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`${verb} ${found.name}`}
        confirm={verb}
        reason={{ placeholder: 'Agreed with the auditor' }}
        danger={!found.confirmed}
        ready={months >= 1 && (!found.confirmed || months !== term?.months)}
        act={({ code, reason }) => change.mutateAsync({ months, applies: term?.applies ?? null, reason, code })}
      >
        <p>
          Recordings of {appliesInWords(term?.applies ?? null, found.targetNames)}, from when {anchorWords[found.anchor]}. What is recorded
          already is never kept shorter.
          {!found.confirmed && ' Once it is confirmed, recordings whose period is over are destroyed, for ever.'}
        </p>
        <NumberInput
          label="Kept for months"
          value={months}
          min={1}
          max={1200}
          allowDecimal={false}
          onChange={(value) => setMonths(Number(value) || 0)}
        />
      </CodeDialog>
    </>
  )
}
