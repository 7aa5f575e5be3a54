import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useMark } from '../data/activations.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'

/** As an administrator: makes an account one for emergencies, or one of these an ordinary one again. */
export function Mark({ marked, accounts }: { marked: boolean; accounts?: readonly string[] }) {
  const mark = useMark()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const known = accounts === undefined || accounts.includes(name.trim())
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {marked ? 'Mark an account…' : 'Unmark one…'}
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={marked ? 'Make an account one for emergencies' : 'Make it an ordinary account again'}
        confirm={marked ? 'Mark' : 'Unmark'}
        danger={marked}
        ready={/^[^@\s]+@[^@\s]+$/.test(name.trim()) && known}
        act={({ code }) => mark.mutateAsync({ name, code, marked })}
      >
        <Stack gap="md">
          <p>
            {marked
              ? 'What runs with it ends, it is rotated, and its new credential is sealed to the custodians. Not for one that manages its target.'
              : 'It is rotated once more, and its new credential lies where grants open it.'}
          </p>
          <TextInput
            label="Account"
            placeholder="root@web01"
            value={name}
            maxLength={130}
            error={name !== '' && !known ? 'It is none of these.' : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Stack>
      </CodeDialog>
    </>
  )
}
