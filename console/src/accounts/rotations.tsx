import type { inventory } from '@claviger/api'
import { useRotations } from '../data/inventory.ts'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { credentialWords, oldOneInWords, rotationState, triggerInWords } from '../words/inventory.ts'

const columns: Column<inventory.Rotation>[] = [
  { name: 'Begun', cell: (r) => <When at={r.startedAt} as="moment" />, narrow: 'top', tight: true },
  { name: 'Credential', cell: (r) => `${credentialWords[r.credential]} v${r.version}`, narrow: 'middle', tight: true },
  { name: 'Why', cell: triggerInWords, narrow: 'bottom' },
  {
    name: 'New one proven',
    cell: (r) => (r.verifiedAt ? <When at={r.verifiedAt} as="moment" /> : <span className="quiet">no</span>),
    tight: true,
  },
  {
    name: 'Old one refused',
    cell: (r) =>
      r.oldRefusedAt ? (
        <When at={r.oldRefusedAt} as="moment" />
      ) : r.oldValidUntil ? (
        <>
          valid until <When at={r.oldValidUntil} as="moment" />
        </>
      ) : (
        <span className="quiet">{oldOneInWords(r)}</span>
      ),
    tight: true,
  },
  { name: 'Outcome', cell: (r) => <StateChip {...rotationState(r)} />, narrow: 'top-end', tight: true },
  { name: 'Error', cell: (r) => (r.error ? <code>{r.error}</code> : <span className="quiet">none</span>) },
]

/** How its credentials changed: each proven by a login with the new one, and by a refusal of the old one. */
export function Rotations({ account }: { account: string }) {
  const rotations = useRotations(account)
  if (!rotations.data && rotations.error) return <Failure error={rotations.error} retry={() => rotations.refetch()} />
  if (rotations.data?.rotations.length === 0) return <p className="quiet">Its credentials were never changed by Claviger.</p>
  const old = rotations.data?.rotations.some((r) => r.error !== null)
  return (
    <Rows
      label="Rotations"
      rows={rotations.data?.rotations}
      columns={old ? columns : columns.filter((c) => c.name !== 'Error')}
      idOf={(r) => r.id}
    />
  )
}
