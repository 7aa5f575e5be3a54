import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useObserve } from '../data/dependents.ts'
import { useViewer } from '../data/identity.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** Of an account that nobody took over: whether it waits until what uses it is known, and who may say that it is. */
export function Observed({ account: a }: { account: inventory.Account }) {
  const viewer = useViewer()
  const [opened, setOpened] = useState(false)
  const observe = useObserve(a.id)
  const observed = a.observedSince !== null
  if (a.state !== 'found' || (!observed && !viewer.observesAccounts)) return null
  return (
    <Fact name="Rotation">
      {a.observedSince ? (
        <>
          Observed since <When at={a.observedSince} as="moment" />: what uses it may not be known, so nothing of it is replaced.
        </>
      ) : (
        'It is replaced when it is taken over.'
      )}{' '}
      {viewer.observesAccounts && (
        <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
          {observed ? 'May be rotated…' : 'Observe…'}
        </Button>
      )}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={observed ? 'Let it be rotated' : 'Observe this account'}
        confirm={observed ? 'Let it be rotated' : 'Observe'}
        reason={{ placeholder: observed ? 'What uses it is told' : 'A batch job may use it' }}
        act={({ code, reason }) => observe.mutateAsync({ observe: !observed, reason, code }).then(() => announce('Done.'))}
      >
        {observed
          ? 'What else uses it and is not told of a new credential stops working with the first rotation.'
          : 'No rotation of any kind touches it until somebody says that it may be rotated.'}
      </CodeDialog>
    </Fact>
  )
}
