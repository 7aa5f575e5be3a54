import { Stack, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useAddKey } from '../data/people.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'

/** One's own public key, with a code. */
export function AddKey({ children }: { children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [publicKey, setPublicKey] = useState('')
  const [label, setLabel] = useState('')
  const add = useAddKey()
  return (
    <>
      {children(() => setOpened(true))}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Add an SSH key"
        confirm="Add"
        act={({ code }) => add.mutateAsync({ publicKey, label, code })}
      >
        <Stack gap="sm">
          <TextInput
            label="Which key"
            placeholder="laptop"
            value={label}
            maxLength={100}
            required
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Textarea
            label="Public key"
            description="The one line of the file that ends in .pub"
            placeholder="ssh-ed25519 AAAA…"
            autosize
            minRows={3}
            maxLength={16_384}
            spellCheck={false}
            value={publicKey}
            required
            onChange={(event) => setPublicKey(event.currentTarget.value)}
          />
        </Stack>
      </CodeDialog>
    </>
  )
}
