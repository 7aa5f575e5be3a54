import type { controls } from '@claviger/api'
import { PlainChip, StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { useNodes } from './use-controls.ts'

type Node = controls.Node

const silent = (n: Node) => n.parts.filter((p) => p.silent).map((p) => p.part)
const latest = (n: Node) => n.parts.reduce((a, b) => (a.seenAt > b.seenAt ? a : b), n.parts[0] as Node['parts'][number])
const first = (n: Node) => n.parts.reduce((a, b) => (a.startedAt < b.startedAt ? a : b), n.parts[0] as Node['parts'][number])

/** What its keeper knows of the ledger. The one that signs is behind nobody: what it said five seconds ago is only older than what it signed since. */
export const keeperInWords = ({ keeper, sequences }: Pick<Node, 'keeper' | 'sequences'>): string => {
  if (!keeper) return 'sealed, or not heard of'
  const entries = `${keeper.size.toLocaleString('en')} entries`
  if (sequences) return `signs; ${entries} when last heard of`
  return keeper.behind === 0 ? `has seen all ${entries}` : `${keeper.behind.toLocaleString('en')} behind, at ${entries}`
}

const columns: Column<Node>[] = [
  {
    name: 'Server',
    cell: (n) => (
      <>
        <strong>{n.name}</strong> {n.own && <span className="quiet">this one</span>}
      </>
    ),
    narrow: 'top',
  },
  {
    name: 'State',
    cell: (n) => (
      <StateChip
        {...(silent(n).length === 0 ? { word: 'Works', tone: 'good' } : { word: `Silent: ${silent(n).join(', ')}`, tone: 'bad' })}
      />
    ),
    narrow: 'top-end',
    tight: true,
  },
  { name: 'Sequences', cell: (n) => n.sequences && <PlainChip>sequencer</PlainChip>, narrow: 'middle-end', tight: true },
  { name: 'Keeper', cell: keeperInWords, narrow: 'middle' },
  { name: 'Heard of', cell: (n) => <When at={latest(n).seenAt} />, narrow: 'bottom', called: 'heard of', tight: true },
  { name: 'Started', cell: (n) => <When at={first(n).startedAt} as="moment" />, tight: true },
  { name: 'Version', cell: (n) => n.version, narrow: 'bottom-end', called: 'version', tight: true },
]

/** The servers that share the database. */
export function NodesPanel() {
  const { data, error, refetch } = useNodes()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return <Rows label="Servers" rows={data?.nodes} columns={columns} idOf={(n) => n.node} />
}
