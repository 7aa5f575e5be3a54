import type { session } from '@claviger/api'
import { Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFreshCode } from '../check-out/fresh-code.tsx'
import { useRenewSession } from '../data/session.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { readDuration } from '../words/duration.ts'

/** More time in a running session of one's own: policy and approvers decide as before. */
export function RenewSession({ session: s, children }: { session: session.Session; children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [duration, setDuration] = useState('30m')
  const fresh = useFreshCode()
  const renew = useRenewSession(s.id)
  return (
    <>
      {children(() => setOpened(true))}
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Ask for more time"
        label="Reason"
        placeholder="Not done yet"
        confirm="Ask for it"
        act={async (reason) => {
          const more = { duration: readDuration(duration) ?? duration, reason }
          const asked = await fresh.ask((code) => renew.mutateAsync({ ...more, ...code }))
          announce(asked.granted ? 'The session goes on.' : `Asked: ${asked.approvers.join(', ')} may approve it.`)
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="How much longer"
            description="Eight hours in all at most; everything that is open under the same grant goes on as well"
            value={duration}
            maxLength={20}
            onChange={(event) => setDuration(event.currentTarget.value)}
          />
          {fresh.field}
        </Stack>
      </ReasonDialog>
    </>
  )
}
