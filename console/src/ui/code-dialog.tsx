import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Dialog } from './dialog.tsx'
import { StepUpForm } from './step-up-form.tsx'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** Pixels. */
  size?: number
  /** What will happen, and to whom. */
  children: ReactNode
  /** Asked for as well, where a reason is kept. */
  reason?: { placeholder: string }
  confirm: string
  danger?: boolean
  /** Whether what is asked for above is chosen. */
  ready?: boolean
  /** Resolves when done; a refusal rejects, and is shown in the dialog. */
  act: (given: { code: string; reason: string }) => Promise<unknown>
}

/** An act that takes a code given for exactly this. */
export const CodeDialog = ({ opened, onClose, title, size, ...form }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={title} {...(size && { size })}>
    <CodeForm onClose={onClose} {...form} />
  </Dialog>
)

function CodeForm({ children, reason, ready = true, act, ...form }: Omit<Props, 'opened' | 'title' | 'size'>) {
  const [why, setWhy] = useState('')
  return (
    <StepUpForm
      {...form}
      ready={ready && (!reason || why.trim() !== '')}
      codeFirst={!reason}
      act={(code) => act({ code, reason: why.trim() })}
    >
      <div>{children}</div>
      {reason && (
        <TextInput
          label="Reason"
          placeholder={reason.placeholder}
          value={why}
          maxLength={500}
          required
          data-autofocus
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
      )}
    </StepUpForm>
  )
}
