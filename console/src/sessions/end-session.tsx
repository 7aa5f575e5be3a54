import type { session } from '@claviger/api'
import { type ReactNode, useState } from 'react'
import { useEndSession } from '../data/session.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

/** Cuts a running session; only security officers see it. */
export function EndSession({ session: s, children }: { session: session.Session; children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const end = useEndSession(s.id)
  return (
    <>
      {children(() => setOpened(true))}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="End this session"
        label="Reason"
        placeholder="What made you end it?"
        confirm="End session"
        act={async (reason) => {
          await end.mutateAsync(reason)
          announce('The session is cut.')
        }}
      >
        {s.person.displayName} is cut off from{' '}
        <code>
          {s.account}@{s.target}
        </code>{' '}
        at once, in the middle of whatever runs, and is told that an officer did it. Your reason is in the audit log. The recording is kept.
      </ReasonDialog>
    </>
  )
}
