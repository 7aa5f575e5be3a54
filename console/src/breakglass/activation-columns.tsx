import type { activations as api } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import type { Column } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'

/** How one stands, in a word. */
export function stateOf(a: api.Activation): Parameters<typeof StateChip>[0] {
  if (a.kind === 'drill' && a.state === 'ended')
    return a.steps?.every((s) => s.ok) ? { word: 'Passed', tone: 'good' } : { word: 'Failed', tone: 'bad' }
  return (
    {
      waiting: { word: 'Waits for a second person', tone: 'wait' },
      approved: { word: 'Waits for custodians', tone: 'wait' },
      active: { word: 'Runs', tone: 'bad' },
      ended: { word: 'Review open', tone: 'wait' },
      reviewed: { word: 'Reviewed', tone: 'good' },
      withdrawn: { word: 'Withdrawn', tone: 'over' },
      expired: { word: 'Expired', tone: 'over' },
    } as const
  )[a.state]
}

const failed = (a: api.Activation) =>
  a.steps
    ?.filter((s) => !s.ok)
    .map((s) => `${s.step}: ${s.detail}`)
    .join('; ')

export const activationColumns: Column<api.Activation>[] = [
  { name: 'Asked', cell: (a) => <When at={a.createdAt} />, narrow: 'bottom', tight: true },
  { name: 'What', cell: (a) => (a.kind === 'drill' ? 'Drill' : 'Emergency'), narrow: 'top', tight: true },
  {
    name: 'Accounts',
    // a name is not broken anywhere else
    cell: (a) =>
      a.accounts.map((one) => (
        <div key={one.id}>
          <code>
            {one.name}@<wbr />
            {one.target}
          </code>
        </div>
      )),
    narrow: 'middle',
  },
  { name: 'People', cell: (a) => [a.requester.name, a.approver?.name].filter(Boolean).join(' and '), narrow: 'bottom-end' },
  { name: 'Said', cell: (a) => failed(a) || a.review || <span className="quiet">{a.reason}</span> },
  { name: 'State', cell: (a) => <StateChip {...stateOf(a)} />, narrow: 'top-end', tight: true },
]
