import type { rotation } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import type { Column } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { triggerInWords } from '../words/inventory.ts'
import { orderState } from '../words/rotation.ts'

type Order = rotation.Order

/** What a list says of an ordered rotation. */
export const orderColumns: Column<Order>[] = [
  {
    name: 'Account',
    cell: (o) => (
      <code>
        {o.account.name}@{o.account.target}
      </code>
    ),
    narrow: 'top',
  },
  { name: 'Why', cell: (o) => triggerInWords(o), narrow: 'middle' },
  {
    name: 'Next try',
    cell: (o) => (o.state === 'waiting' ? <When at={o.dueAt} /> : <span className="quiet">none</span>),
    narrow: 'bottom',
    tight: true,
  },
  {
    name: 'Failed',
    cell: (o) => (o.failures === 0 ? <span className="quiet">never</span> : o.failures === 1 ? 'once' : `${o.failures} times`),
    narrow: 'bottom-end',
    tight: true,
  },
  {
    name: 'Because',
    cell: (o) =>
      o.error ? <code>{o.error}</code> : <span className="quiet">{o.byReconciler ? 'reset by the reconciler' : 'nothing'}</span>,
    narrow: 'middle-end',
  },
  { name: 'Ordered by', cell: (o) => o.orderedBy ?? <span className="quiet">the server</span>, tight: true },
  { name: 'State', cell: (o) => <StateChip {...orderState(o)} />, narrow: 'top-end', tight: true },
]
