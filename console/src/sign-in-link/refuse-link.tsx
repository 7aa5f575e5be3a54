import { Button, Group, Stack } from '@mantine/core'
import { useRefuseLink } from '../data/sign-in-links.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'

/** Takes no code: nothing keeps somebody from saying that it was not them. */
export function RefuseLink({ code, opened, onClose }: { code: string; opened: boolean; onClose: () => void }) {
  const refuse = useRefuseLink(code)
  const act = async () => {
    await refuse.mutateAsync(undefined)
    onClose()
  }
  return (
    <Dialog opened={opened} onClose={onClose} title="This was not you">
      <Stack gap="md">
        <p>The connection ends, and security officers are told that somebody tried to come in under your name.</p>
        <Problem error={refuse.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" loading={refuse.isPending} onClick={() => void act().catch(() => undefined)} data-autofocus>
            Refuse, and raise an alarm
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
