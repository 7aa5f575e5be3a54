import type { passwords } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useRetirePasswordPolicy } from '../data/passwords.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Rows } from '../ui/rows.tsx'
import { forWhat, sortsInWords } from '../words/passwords.ts'

type Policy = passwords.PasswordPolicy

export function PolicyRows({ label, rows }: { label: string; rows: readonly Policy[] | undefined }) {
  const viewer = useViewer()
  return (
    <Rows<Policy>
      label={label}
      rows={rows}
      idOf={(p) => p.id}
      columns={[
        { name: 'Name', cell: (p) => p.name, narrow: 'top' },
        { name: 'For', cell: forWhat, narrow: 'middle' },
        {
          name: 'Demands',
          cell: (p) =>
            p.forged ?? (
              <>
                {p.length} characters of {sortsInWords(p.classes)}
                {p.excluded && (
                  <>
                    {' '}
                    without <code>{p.excluded}</code>
                  </>
                )}
              </>
            ),
          narrow: 'bottom',
        },
        { name: 'Bits', cell: (p) => Math.floor(p.bits), tight: true, called: 'Bits', narrow: 'middle-end' },
        { name: 'Replaced after', cell: (p) => (p.maxAgeDays === null ? '–' : `${p.maxAgeDays} days`), tight: true },
        { name: 'Why', cell: (p) => (p.forged ? <StateChip word="Forged" tone="bad" /> : (p.exception ?? '–')) },
        ...(viewer.administers
          ? [{ name: '', cell: (p: Policy) => (p.forged ? null : <Retire policy={p} />), narrow: 'top-end' as const }]
          : []),
      ]}
    />
  )
}

function Retire({ policy }: { policy: Policy }) {
  const [opened, setOpened] = useState(false)
  const retire = useRetirePasswordPolicy(policy.id)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)} aria-label={`Retire ${policy.name}`}>
        Retire
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Retire ${policy.name}`}
        confirm="Retire"
        danger
        act={({ code }) => retire.mutateAsync(code)}
      >
        What it demands or excepts for {forWhat(policy)} is no longer in force. Passwords that are there stay until they are replaced.
      </CodeDialog>
    </>
  )
}
