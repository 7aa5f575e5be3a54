import type { passkeys, people } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useRemovePasskey, useRemovePasskeyOf } from '../data/passkeys.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'

interface Props {
  person: people.PersonDetails['person']
  passkey: passkeys.Passkey
  own: boolean
}

/** Takes one passkey out of use, with a code: one's own, or another's with a reason. */
export function RemovePasskey({ person, passkey, own }: Props) {
  const [open, setOpen] = useState(false)
  const [mine, theirs] = [useRemovePasskey(), useRemovePasskeyOf(person.id)]
  return (
    <>
      <Button variant="default" size="compact-sm" aria-label={`Remove ${passkey.label}`} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      <CodeDialog
        opened={open}
        onClose={() => setOpen(false)}
        title={own ? 'Remove a passkey' : `Remove a passkey of ${person.displayName}`}
        confirm="Remove"
        danger
        {...(!own && { reason: { placeholder: 'The security key was lost' } })}
        act={({ code, reason }) =>
          (own ? mine.mutateAsync({ id: passkey.id, code }) : theirs.mutateAsync({ passkey: passkey.id, reason, code })).then(() =>
            announce('Removed.'),
          )
        }
      >
        {passkey.label} says yes to nothing any more. {own ? 'Your authenticator stays.' : 'All else of theirs stays.'}
      </CodeDialog>
    </>
  )
}
