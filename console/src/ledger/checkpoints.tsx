import { useCheckpointPages } from '../data/ledger.ts'
import { links } from '../paths.ts'
import { PlainChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { More } from '../ui/more.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'

interface Checkpoint {
  size: number
  time: string | null
}

const columns = (chosen: number | undefined): Column<Checkpoint>[] => [
  { name: 'Over', cell: (c) => `${c.size.toLocaleString('en-GB')} entries`, narrow: 'top', tight: true },
  {
    name: 'Signed',
    cell: (c) => (c.time ? <When at={c.time} as="moment" /> : <span className="quiet">not said</span>),
    narrow: 'bottom',
    called: 'signed',
    tight: true,
  },
  { name: 'Age', cell: (c) => c.time && <When at={c.time} />, narrow: 'bottom-end', tight: true },
  { name: 'Compared', cell: (c) => c.size === chosen && <PlainChip>compared</PlainChip>, narrow: 'top-end' },
]

/** Over how many entries checkpoints were signed, newest first; each row compares the log of then with the one chosen. */
export function Checkpoints({ chosen, to }: { chosen: number | undefined; to: number | undefined }) {
  const list = useCheckpointPages()
  if (!list.data && list.error) return <Failure error={list.error} retry={() => list.refetch()} />
  if (list.data?.length === 0) return <p className="quiet">None was signed yet.</p>
  return (
    <>
      <Rows
        label="Signed checkpoints"
        rows={list.data}
        columns={columns(chosen)}
        idOf={(c) => String(c.size)}
        link={(c) => ({ to: links.checkpoints({ from: c.size, to }), label: `Compare the log of ${c.size} entries` })}
      />
      <More list={list} />
    </>
  )
}
