import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'
import { readDuration } from '../words/duration.ts'

interface Props {
  /** What holds for how long. */
  description: string
  /** Asks for it; resolves with what came of it, in words. */
  ask: (more: { duration: string; reason: string; code?: string }) => Promise<string>
  children: (open: () => void) => ReactNode
}

/** More time for what runs: policy and approvers decide as before. */
export function MoreTime({ children, ...form }: Props) {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  return (
    <>
      {children(() => setOpened(true))}
      <Dialog opened={opened} onClose={close} title="Ask for more time">
        <Form onClose={close} {...form} />
      </Dialog>
    </>
  )
}

function Form({ onClose, description, ask }: Omit<Props, 'children'> & { onClose: () => void }) {
  const [duration, setDuration] = useState('30m')
  const [reason, setReason] = useState('')
  const act = async (code: string) => {
    const asked = { duration: readDuration(duration) ?? duration, reason: reason.trim() }
    announce(await ask(code === '' ? asked : { ...asked, code }))
  }
  return (
    <StepUpForm
      onClose={onClose}
      about="A fresh one from your authenticator: more time takes one here."
      confirm="Ask for it"
      ready={reason.trim() !== ''}
      onlyIfAsked
      act={act}
    >
      <TextInput
        label="How much longer"
        description={description}
        value={duration}
        maxLength={20}
        onChange={(event) => setDuration(event.currentTarget.value)}
      />
      <TextInput
        label="Reason"
        placeholder="Not done yet"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        required
      />
    </StepUpForm>
  )
}
