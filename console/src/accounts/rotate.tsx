import type { inventory } from '@claviger/api'
import { type ReactNode, useState } from 'react'
import { useRotate } from '../data/inventory.ts'
import { Compromised } from '../rotations/rotate-many.tsx'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

/** Replaces the credentials now; the first time this takes the account over. */
export function Rotate({ account: a, children }: { account: inventory.Account; children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [compromised, setCompromised] = useState(false)
  const rotate = useRotate(a.id)
  const takeOver = a.state === 'found'
  return (
    <>
      {children(() => setOpened(true))}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={takeOver ? 'Take over this account' : 'Rotate now'}
        label="Reason"
        placeholder={takeOver ? 'It stands open' : 'Somebody may have seen it'}
        confirm={takeOver ? 'Take over' : 'Rotate now'}
        act={async (reason) => {
          const rotations = await rotate.mutateAsync({ reason, compromised })
          const failed = rotations.filter((r) => r.state === 'failed')
          announce(
            failed.length > 0 ? 'The rotation failed; the old credential is still in force.' : 'Rotated, and proven by a fresh login.',
          )
        }}
      >
        {takeOver ? (
          <>
            <code>
              {a.name}@{a.target.name}
            </code>{' '}
            gets a new credential that only the vault knows. Whoever logs in with the old one, a program too, is locked out at once.
          </>
        ) : (
          <>
            <code>
              {a.name}@{a.target.name}
            </code>{' '}
            gets a new credential, proven by a fresh login before the old one is given up. Running sessions go on, unless it may be in other
            hands.
            <Compromised checked={compromised} onChange={setCompromised} />
          </>
        )}
      </ReasonDialog>
    </>
  )
}
