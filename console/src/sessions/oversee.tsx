import type { session } from '@claviger/api'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useOrder } from '../data/session.ts'
import { announce } from '../ui/announcer.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'

type What = 'covert' | 'message' | 'suspend' | 'resume'
interface Props {
  session: session.Session
  /** Watches without the person being told, for this reason. */
  onCovert: (reason: string) => void
}

const said = {
  done: 'Done.',
  not_shown: 'This session has no terminal: there is nothing in which the person could see it.',
  waiting: 'Ordered; the gateway did not say yet that it is done.',
} as const

/** What an officer does to a running session, each with a reason or the words for the person. */
export function Oversee({ session: s, onCovert }: Props) {
  const [open, setOpen] = useState<What>()
  const order = useOrder(s.id)
  const act = async (words: string) => {
    if (open === 'covert') return onCovert(words)
    if (open) announce(said[(await order.mutateAsync({ what: open, words })).outcome])
  }
  const dialogs = {
    covert: {
      title: 'Watch covertly',
      label: 'Reason',
      confirm: 'Watch covertly',
      text: 'The person is not told. That you watch, and why, stands in the audit log.',
    },
    message: {
      title: 'Send a message',
      label: 'Message',
      confirm: 'Send',
      text: `${s.person.displayName} sees it in their terminal, or as a notice of their database.`,
    },
    suspend: {
      ...{ title: 'Suspend this session', label: 'Reason', confirm: 'Suspend' },
      text: `Nothing passes until somebody resumes it or its grant ends. ${s.person.displayName} sees your reason.`,
    },
    resume: {
      title: 'Resume this session',
      label: 'Reason',
      confirm: 'Resume',
      text: 'It goes on where it was; what was typed meanwhile passes now.',
    },
  } as const
  const shown = open ? dialogs[open] : undefined
  const held = s.suspended ? 'resume' : 'suspend'
  return (
    <Group gap="xs">
      <Button variant="default" onClick={() => setOpen('covert')}>
        Watch covertly…
      </Button>
      <Button variant="default" onClick={() => setOpen('message')}>
        Message…
      </Button>
      <Button variant="default" onClick={() => setOpen(held)}>
        {s.suspended ? 'Resume…' : 'Suspend…'}
      </Button>
      {shown && (
        <ReasonDialog opened onClose={() => setOpen(undefined)} title={shown.title} label={shown.label} confirm={shown.confirm} act={act}>
          {shown.text}
        </ReasonDialog>
      )}
    </Group>
  )
}
