import { Button, Group, Stack } from '@mantine/core'
import { Copyable } from '../ui/copyable.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface Props {
  token: string
  who: string
  /** They give the password that they have. The page says so; the server knows it anyhow. */
  kept?: boolean
  onClose: () => void
}

/** Whoever has the link becomes this person: it is shown once, and to nobody else. */
export const OneTimeLink = ({ token, who, kept, onClose }: Props) => (
  <Dialog opened onClose={onClose} title={`The link for ${who}`}>
    <Stack gap="md">
      <p>Give it to {who} and to nobody else. It is good once, for three days, and is not shown again.</p>
      <Copyable value={`${window.location.origin}/enrol${kept ? '?password=kept' : ''}#token=${token}`} what="link" />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  </Dialog>
)
