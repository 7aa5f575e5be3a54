import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useHold, useReconcile, useRelease } from '../data/rotation.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

/** What is decided about an account whose credential is in doubt: reset, held, released. */
export function StandingActs({ account: a }: { account: inventory.Account }) {
  const viewer = useViewer()
  const [open, setOpen] = useState<'reset' | 'hold' | 'release'>()
  const [reset, hold, release] = [useReconcile(a.id), useHold(a.id), useRelease(a.id)]
  const close = () => setOpen(undefined)
  const name = (
    <code>
      {a.name}@{a.target.name}
    </code>
  )
  if (a.state === 'found') return null
  return (
    <>
      {viewer.reconciles && a.replaceable && (
        <Button variant="default" onClick={() => setOpen('reset')}>
          Reset…
        </Button>
      )}
      {viewer.holdsAccounts && a.state === 'managed' && (
        <Button variant="danger" onClick={() => setOpen('hold')}>
          Hold…
        </Button>
      )}
      {viewer.releasesAccounts && a.state === 'held' && <Button onClick={() => setOpen('release')}>Release…</Button>}
      <ReasonDialog
        opened={open === 'reset'}
        onClose={close}
        title="Reset by another account"
        label="Reason"
        placeholder="Somebody changed it on the target"
        confirm="Reset"
        act={async (reason) => {
          const { held } = await reset.mutateAsync(reason)
          announce(`Reset, and proven by a fresh login.${held ? ' It stays held until an administrator releases it.' : ''}`)
        }}
      >
        {name} gets a new credential without its own being known: by the reconciler of its target, else by the account that manages it.
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'hold'}
        onClose={close}
        title="Hold this account"
        label="Reason"
        placeholder="Under investigation"
        confirm="Hold"
        act={(reason) => hold.mutateAsync(reason).then(() => announce('Held. Nobody gets in with it.'))}
      >
        Grants and sessions with {name} end at once. Nobody gets in until an administrator releases it.
      </ReasonDialog>
      <CodeDialog
        opened={open === 'release'}
        onClose={close}
        title="Release this account"
        confirm="Release"
        reason={{ placeholder: 'Reset, and looked at' }}
        act={(given) => release.mutateAsync(given).then(() => announce('Released.'))}
      >
        {name} may be used again, and what waits for it is tried.
      </CodeDialog>
    </>
  )
}
