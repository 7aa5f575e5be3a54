import type { access } from '@claviger/api'
import { type ReactNode, useState } from 'react'
import { useEndGrant } from '../data/access.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

interface Props {
  grant: access.Grant
  children: (open: () => void) => ReactNode
}

/** The undo of an approval, and the way to give access back early. */
export function EndGrant({ grant, children }: Props) {
  const [opened, setOpened] = useState(false)
  const end = useEndGrant(grant)
  return (
    <>
      {children(() => setOpened(true))}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="End grant now"
        label="Reason"
        placeholder="Approved by mistake; work is done; …"
        confirm="End grant now"
        act={async (reason) => {
          await end.mutateAsync(reason)
          announce('The grant has ended. Running sessions are cut, and the credential is replaced.')
        }}
      >
        {grant.person.displayName} loses{' '}
        <code>
          {grant.account}@{grant.target}
        </code>{' '}
        at once: running sessions are cut, then the credential is replaced
        {grant.exclusive && ' and the account goes to whoever waits for it'}.
      </ReasonDialog>
    </>
  )
}
