import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useRotateSsh } from '../data/ssh-authority.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'

/** An administrator begins to replace the authority's key. */
export function BeginRotation() {
  const viewer = useViewer()
  const rotate = useRotateSsh()
  const [opened, setOpened] = useState(false)
  if (!viewer.rotatesSshAuthority) return null
  return (
    <>
      <Button onClick={() => setOpened(true)}>Replace the key…</Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Replace the key of the SSH authority"
        confirm="Begin"
        act={({ code }) => rotate.mutateAsync(code).then(() => announce('Begun. Hosts are told of the new key.'))}
      >
        A new key is made, and every host is told to trust it beside the old one. It signs when each was seen to let in by it; then the old
        key is taken from the hosts and destroyed. Sessions go on meanwhile.
      </CodeDialog>
    </>
  )
}
