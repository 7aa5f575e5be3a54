import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAddPasskey, useMakePasskey } from '../data/passkeys.ts'
import type { Made } from '../passkeys/browser.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'

/** A passkey of one's own: the device makes it, and a second factor that is there already adds it. */
export function AddPasskey() {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" size="compact-md" onClick={() => setOpened(true)}>
        Add a passkey…
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title="Add a passkey">
        <Steps onClose={() => setOpened(false)} />
      </Dialog>
    </>
  )
}

function Steps({ onClose }: { onClose: () => void }) {
  const [label, setLabel] = useState('')
  const [made, setMade] = useState<Made>()
  const make = useMakePasskey()
  const add = useAddPasskey()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (label.trim() !== '' && !make.isPending) make.mutate(undefined, { onSuccess: setMade })
  }
  if (made)
    return (
      <StepUpForm
        onClose={onClose}
        confirm="Add"
        codeFirst
        about="A fresh one from your authenticator: within five minutes."
        act={(code) => add.mutateAsync({ credential: made, label: label.trim(), code }).then(() => announce('Added.'))}
      >
        <p>“{label.trim()}” was made. It says yes for you from now on when a code adds it.</p>
      </StepUpForm>
    )
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <p>
          A finger, a face or a PIN on a device of yours in the place of a code. Unlike a code, its yes is for exactly what you said it to.
        </p>
        <TextInput
          label="What to call it"
          placeholder="Blue security key"
          value={label}
          maxLength={100}
          required
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Problem error={make.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={label.trim() === ''}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
