import type { rotation } from '@claviger/api'
import { useBatches } from '../data/rotation.ts'
import { links } from '../paths.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { count } from '../words/inventory.ts'
import { Progress } from './progress.tsx'

const columns: Column<rotation.Batch>[] = [
  { name: 'Why', cell: (b) => b.reason, narrow: 'top' },
  { name: 'Of', cell: (b) => count(b.accounts, 'account'), narrow: 'top-end', tight: true },
  { name: 'How far', cell: (b) => <Progress batch={b} />, narrow: 'middle' },
  { name: 'Ordered by', cell: (b) => b.orderedBy, narrow: 'bottom', tight: true },
  { name: 'Ordered', cell: (b) => <When at={b.orderedAt} />, narrow: 'bottom-end', tight: true },
]

/** What people ordered of several accounts at once, lately. Nothing where nobody ever did. */
export function Batches() {
  const batches = useBatches()
  if (!batches.data && batches.error) return <Failure error={batches.error} retry={() => batches.refetch()} />
  if (!batches.data || batches.data.length === 0) return null
  return (
    <Section title="Of several accounts">
      <Rows
        label="Rotations of several accounts"
        rows={batches.data}
        columns={columns}
        idOf={(b) => b.id}
        link={(b) => ({ to: links.batch(b.id), label: b.reason })}
      />
    </Section>
  )
}
