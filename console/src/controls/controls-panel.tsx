import type { controls } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { useControls } from './use-controls.ts'
import { nameOf, whatOf } from './words.ts'

type Control = controls.Control

/** What is wrong comes first. */
export const inOrder = (all: readonly Control[]): Control[] =>
  [...all].sort(
    (a, b) => Number(b.silent) - Number(a.silent) || a.node.localeCompare(b.node) || nameOf(a.control).localeCompare(nameOf(b.control)),
  )

const columns: Column<Control>[] = [
  { name: 'Control', cell: (c) => <strong>{nameOf(c.control)}</strong>, narrow: 'top' },
  {
    name: 'State',
    cell: (c) => <StateChip word={c.silent ? 'Silent' : 'Works'} tone={c.silent ? 'bad' : 'good'} />,
    narrow: 'top-end',
    tight: true,
  },
  { name: 'What it does', cell: (c) => (c.silent && c.cause ? c.cause : whatOf(c.control)), narrow: 'middle' },
  { name: 'Seen to work', cell: (c) => <When at={c.lastSeenAt} />, narrow: 'bottom', called: 'seen', tight: true },
  { name: 'Server', cell: (c) => c.node, narrow: 'bottom-end', called: 'on' },
]

/** The controls that watch themselves, those that are silent first. */
export function ControlsPanel() {
  const { data, error, refetch } = useControls()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return <Rows label="The controls" rows={data && inOrder(data.controls)} columns={columns} idOf={(c) => `${c.node} ${c.control}`} />
}
