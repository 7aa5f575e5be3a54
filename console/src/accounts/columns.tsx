import type { inventory } from '@claviger/api'
import { StateChip, TierChip } from '../ui/chip.tsx'
import type { Column } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { accountStates, categoryWords, credentialWords } from '../words/inventory.ts'

const newest = (a: inventory.Account): string | undefined =>
  a.credentials
    .flatMap((c) => c.verifiedAt ?? [])
    .sort()
    .at(-1)

/** What a list says of an account. On the page of its target, the target's name says nothing. */
export const accountColumns = (where: 'everywhere' | 'on one target'): Column<inventory.Account>[] => [
  {
    name: 'Account',
    cell: (a) => <code>{where === 'everywhere' ? `${a.name}@${a.target.name}` : a.name}</code>,
    narrow: 'top',
  },
  { name: 'Category', cell: (a) => categoryWords[a.category], narrow: 'middle', tight: true },
  { name: 'Tier', cell: (a) => <TierChip tier={a.tier} label={a.tierLabel} />, narrow: 'middle-end', tight: true },
  { name: 'Privileges', cell: (a) => <span className="quiet">{a.privileges.join(', ')}</span> },
  {
    name: 'Credentials',
    cell: (a) =>
      a.credentials.length > 0 ? (
        a.credentials.map((c) => `${credentialWords[c.kind]} v${c.version}`).join(', ')
      ) : (
        <span className="quiet">none in the vault</span>
      ),
    narrow: 'bottom',
  },
  {
    name: 'Proven',
    cell: (a) => {
      const at = newest(a)
      return at ? <When at={at} /> : <span className="quiet">never</span>
    },
    narrow: 'bottom-end',
    tight: true,
  },
  { name: 'State', cell: (a) => <StateChip {...accountStates[a.state]} />, narrow: 'top-end', tight: true },
]
