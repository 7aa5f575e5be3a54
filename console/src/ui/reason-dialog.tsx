import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog } from './dialog.tsx'
import { Problem } from './failure.tsx'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** What will happen, and to whom. */
  children: ReactNode
  label: string
  placeholder?: string
  confirm: string
  /** Resolves when done; a refusal rejects, and is shown in the dialog. */
  act: (reason: string) => Promise<unknown>
}

/** An act that ends or refuses something: always with a reason, which the other person reads. */
export function ReasonDialog({ opened, onClose, title, children, label, placeholder, confirm, act }: Props) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const given = reason.trim().length > 0

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!given || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await act(reason.trim())
      setReason('')
      onClose()
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <div>{children}</div>
          <TextInput
            label={label}
            {...(placeholder && { placeholder })}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
            required
          />
          <Problem error={error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="danger" loading={busy} disabled={!given}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
