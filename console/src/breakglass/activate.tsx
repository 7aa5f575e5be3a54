import { Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useActivate } from '../data/activations.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'

/** The first of two people says that accounts are needed now, or rehearses it. */
export function Activate({ kind, onClose }: { kind: 'emergency' | 'drill' | undefined; onClose: () => void }) {
  const activate = useActivate()
  const [names, setNames] = useState('')
  const [duration, setDuration] = useState('1h')
  const drill = kind === 'drill'
  const accounts = names
    .split(/[\s,]+/)
    .filter(Boolean)
    .slice(0, drill ? 1 : 20)
  return (
    <CodeDialog
      opened={kind !== undefined}
      onClose={onClose}
      title={drill ? 'Rehearse an activation' : 'Activate accounts for emergencies'}
      reason={{ placeholder: drill ? 'The drill of this quarter' : 'web01 is down, and no approver answers' }}
      confirm={drill ? 'Rehearse' : 'Ask'}
      danger={!drill}
      ready={
        accounts.length > 0 &&
        accounts.every((name) => /^[^@\s]+@[^@\s]+$/.test(name)) &&
        (drill || /^(\d{1,6}[smhd]){1,4}$/.test(duration))
      }
      act={({ code, reason }) =>
        activate.mutateAsync({ code, kind: kind ?? 'drill', accounts, reason, duration: drill ? '10m' : duration })
      }
    >
      <Stack gap="md">
        <p>
          {drill
            ? 'The same two people and custodians as in an emergency. The server logs in with what they open, nobody gets in, and the account is rotated.'
            : 'A second person agrees, the custodians give their shares, everybody of security is alarmed, and you connect as always. Nothing opens before.'}
        </p>
        <TextInput
          label={drill ? 'Account' : 'Accounts'}
          placeholder="root@web01"
          value={names}
          maxLength={2600}
          onChange={(event) => setNames(event.currentTarget.value)}
        />
        {!drill && (
          <TextInput
            label="For how long"
            description="At most 4h"
            value={duration}
            maxLength={20}
            onChange={(event) => setDuration(event.currentTarget.value)}
          />
        )}
      </Stack>
    </CodeDialog>
  )
}
