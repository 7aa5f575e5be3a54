import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'

interface Props {
  /** What is done with it: read out, since the button itself does not say. */
  does: string
  busy: boolean
  disabled?: boolean
  onClick: () => void
}

/** Below a field for a code: the other way to say the same. */
export const PasskeyButton = ({ does, busy, disabled, onClick }: Props) => (
  <Button
    variant="default"
    leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden="true" />}
    aria-label={`Use a passkey: ${does}`}
    loading={busy}
    disabled={disabled ?? false}
    onClick={onClick}
  >
    Use a passkey
  </Button>
)
