import type { access } from '@claviger/api'
import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useExtend } from '../data/check-out.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { outcome } from '../words/access.ts'
import { readDuration } from '../words/duration.ts'
import { useFreshCode } from './fresh-code.tsx'

/** More time under a grant that runs: policy and approvers decide as for a new request. */
export function Extend({ grant, children }: { grant: access.Grant; children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [duration, setDuration] = useState('30m')
  const extend = useExtend(grant.id)
  const fresh = useFreshCode()
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
          const asked = await fresh.ask((code) => extend.mutateAsync({ ...more, ...code }))
          announce(asked.state === 'approved' ? 'The grant goes on.' : `Asked. ${outcome(asked, Date.now())}`)
        }}
      >
        <TextInput
          label="How much longer"
          description="Eight hours in all at most"
          value={duration}
          maxLength={20}
          onChange={(event) => setDuration(event.currentTarget.value)}
        />
        {fresh.field}
      </ReasonDialog>
    </>
  )
}
