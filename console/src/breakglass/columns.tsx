import type { breakGlass } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import type { Column } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'

type Account = breakGlass.Breakglass['accounts'][number]
type Kit = breakGlass.Breakglass['kits'][number]
type Recording = breakGlass.Breakglass['recordings'][number]

export const accountColumns: Column<Account>[] = [
  {
    name: 'Account',
    cell: (a) => (
      <code>
        {a.name}@{a.target}
      </code>
    ),
    narrow: 'top',
  },
  { name: 'Kind', cell: (a) => a.kind, narrow: 'middle', tight: true },
  {
    name: 'Sealed',
    cell: (a) => a.versions.map((v) => `${v.credential} v${v.version}`).join(', ') || <span className="quiet">not yet</span>,
    narrow: 'middle-end',
  },
  {
    name: 'Rotated',
    cell: (a) => a.versions[0] && <When at={a.versions[0].rotatedAt} />,
    narrow: 'bottom',
    called: 'rotated',
    tight: true,
  },
  {
    name: 'State',
    cell: (a) => (
      <StateChip {...(a.versions.length > 0 ? { word: 'With the custodians', tone: 'good' } : { word: 'Being rotated', tone: 'wait' })} />
    ),
    narrow: 'top-end',
    tight: true,
  },
]

export const kitColumns: Column<Kit>[] = [
  { name: 'Made', cell: (k) => <When at={k.madeAt} />, narrow: 'top', tight: true },
  { name: 'By', cell: (k) => k.madeBy?.name ?? <span className="quiet">the server</span>, narrow: 'bottom', called: 'by', tight: true },
  { name: 'Accounts', cell: (k) => k.accounts, narrow: 'bottom-end', called: 'accounts', tight: true },
  { name: 'Kit', cell: (k) => <code>{k.id}</code>, tight: true },
  { name: 'Because', cell: (k) => k.stale.join('; '), narrow: 'middle' },
  {
    name: 'State',
    cell: (k) => <StateChip {...(k.stale.length === 0 ? { word: 'Good', tone: 'good' } : { word: 'Stale', tone: 'bad' })} />,
    narrow: 'top-end',
    tight: true,
  },
]

export const recordingColumns: Column<Recording>[] = [
  { name: 'Account', cell: (r) => <code>{r.account}</code>, narrow: 'top' },
  { name: 'Opened by', cell: (r) => r.custodians.join(' and '), narrow: 'middle' },
  { name: 'When', cell: (r) => <When at={r.startedAt} />, narrow: 'bottom', tight: true },
  { name: 'Recording', cell: (r) => <code>{r.id}</code>, narrow: 'bottom-end', tight: true },
  {
    name: 'State',
    cell: (r) => <StateChip {...(r.whole ? { word: 'Whole', tone: 'good' } : { word: 'Its end is missing', tone: 'bad' })} />,
    narrow: 'top-end',
    tight: true,
  },
]
