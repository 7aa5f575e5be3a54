import type { checkOut } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useCheckIn } from '../data/check-out.ts'
import { useViewer } from '../data/identity.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

interface Props {
  account: string
  name: string
  grant: string
  holder: NonNullable<checkOut.CheckOut['holder']>
}

/** Takes an account back before its time: its holder, and an officer by force. */
export function CheckIn({ account, name, grant, holder }: Props) {
  const viewer = useViewer()
  const [opened, setOpened] = useState(false)
  const checkIn = useCheckIn(account, grant)
  const mine = holder.id === viewer.id
  if (!mine && !viewer.forcesCheckIn) return null
  const title = mine ? 'Check in' : 'Take it back'
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
        {title}…
      </Button>
      <ReasonDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={title}
        label="Reason"
        placeholder={mine ? 'Done' : 'They left for the day'}
        confirm={title}
        act={(reason) => checkIn.mutateAsync(reason).then(() => announce('It is back.'))}
      >
        {mine ? 'You lose' : `${holder.displayName} loses`} <code>{name}</code> at once. Its credential is replaced, and then it goes to
        whoever waits for it.
      </ReasonDialog>
    </>
  )
}
