import type { controls } from '@claviger/api'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Section } from '../ui/detail-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { useControls } from './use-controls.ts'
import { dutyNames } from './words.ts'

type Duty = controls.Duty

const columns: Column<Duty>[] = [
  { name: 'What', cell: (d) => <strong>{dutyNames[d.duty]}</strong>, narrow: 'top' },
  {
    name: 'State',
    cell: (d) => <StateChip {...(d.overdue ? { word: 'Overdue', tone: 'bad' } : { word: 'Done in time', tone: 'good' })} />,
    narrow: 'top-end',
    tight: true,
  },
  { name: 'How often', cell: (d) => `every ${d.everyDays} days`, narrow: 'bottom' },
  {
    name: 'Done well',
    cell: (d) => (d.lastDoneAt === null ? 'never' : <When at={d.lastDoneAt} />),
    narrow: 'bottom-end',
    called: 'done well',
  },
]

/** What people must do again and again; nothing where nobody must. */
export function DutiesPanel() {
  const { data } = useControls()
  if (!data || data.duties.length === 0) return null
  return (
    <Section title="What people must do">
      <Rows
        label="What people must do"
        rows={data.duties}
        columns={columns}
        idOf={(d) => d.duty}
        link={(d) => ({ to: links.breakglass(), label: dutyNames[d.duty] })}
      />
    </Section>
  )
}
