import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useEndSessionsOf } from '../data/session.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

/** Cuts whatever somebody has open, on every server; only security officers see it. */
export function EndAll({ person: p }: { person: people.PersonDetails['person'] }) {
  const [opened, setOpened] = useState(false)
  const end = useEndSessionsOf(p.id)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        End all sessions…
      </Button>
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`End all sessions of ${p.displayName}`}
        label="Reason"
        placeholder="Lost their laptop"
        confirm="End all sessions"
        act={async (reason) => {
          const { ended } = await end.mutateAsync(reason)
          announce(ended === 0 ? 'Nothing of theirs was open.' : `Cut ${ended} session${ended === 1 ? '' : 's'}.`)
        }}
      >
        Everything that {p.displayName} has open is cut at once, on every server, in the middle of whatever runs. Their grants stay: end
        those, or disable them, if they shall not come back. Your reason is in the audit log.
      </ReasonDialog>
    </>
  )
}
