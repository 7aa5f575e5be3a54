import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Refused } from '../api.ts'
import { CodeField } from './code-field.tsx'
import { Dialog } from './dialog.tsx'
import { Problem } from './failure.tsx'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
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
export const CodeDialog = ({ opened, onClose, title, ...form }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={title}>
    <CodeForm onClose={onClose} {...form} />
  </Dialog>
)

function CodeForm({ onClose, children, reason, confirm, danger, ready: chosen = true, act }: Omit<Props, 'opened' | 'title'>) {
  const [code, setCode] = useState('')
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const ready = chosen && code.length === 6 && (!reason || why.trim() !== '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await act({ code, reason: why.trim() })
      onClose()
    } catch (refused) {
      // a code is accepted once, also by a refusal
      if (refused instanceof Refused) setCode('')
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
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
        <CodeField
          label="Code"
          description="A fresh one from your authenticator, for this alone."
          value={code}
          onChange={setCode}
          invalid={error instanceof Refused}
          autoFocus={!reason}
        />
        <Problem error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={danger ? 'danger' : 'filled'} loading={busy} disabled={!ready}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
