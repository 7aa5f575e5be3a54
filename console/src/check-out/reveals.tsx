import type { checkOut } from '@claviger/api'
import { useReveals } from '../data/check-out.ts'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { credentialWords } from '../words/inventory.ts'

const stateWords = { preparing: 'under way', shown: 'shown', failed: 'not shown' } as const

const columns: Column<checkOut.Reveal>[] = [
  { name: 'Who', cell: (v) => v.person.displayName, narrow: 'top' },
  { name: 'Credential', cell: (v) => `${credentialWords[v.credential]} v${v.version}`, narrow: 'bottom', tight: true },
  { name: 'When', cell: (v) => <When at={v.at} as="moment" />, narrow: 'bottom-end', tight: true },
  { name: 'State', cell: (v) => stateWords[v.state], narrow: 'top-end', tight: true },
]

/** Who saw which version and when. */
export function Reveals({ account }: { account: string }) {
  const reveals = useReveals(account)
  if (!reveals.data && reveals.error) return <Failure error={reveals.error} retry={() => reveals.refetch()} />
  if (reveals.data?.length === 0) return <p className="quiet">Nobody was shown a credential of this account.</p>
  return <Rows label="Who saw its credentials" rows={reveals.data} columns={columns} idOf={(v) => v.id} />
}
