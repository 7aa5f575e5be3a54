import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useRemoveKey, useRemoveKeyOf } from '../data/people.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Problem } from '../ui/failure.tsx'

interface Props {
  person: people.PersonDetails['person']
  sshKey: people.PersonDetails['sshKeys'][number]
  own: boolean
}

/** Takes one key out of use: one's own at once, another's with a reason and a code. */
export function RemoveKey({ person, sshKey: key, own }: Props) {
  const [open, setOpen] = useState(false)
  const [mine, theirs] = [useRemoveKey(), useRemoveKeyOf(person.id)]
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Remove ${key.label}`}
        loading={mine.isPending}
        onClick={() => (own ? mine.mutate(key.id, { onSuccess: () => announce('Removed.') }) : setOpen(true))}
      >
        {own ? 'Remove' : 'Remove…'}
      </Button>
      <Problem error={mine.error} />
      <CodeDialog
        opened={open}
        onClose={() => setOpen(false)}
        title={`Remove a key of ${person.displayName}`}
        confirm="Remove"
        danger
        reason={{ placeholder: 'The laptop was stolen' }}
        act={(given) => theirs.mutateAsync({ key: key.id, ...given }).then(() => announce('Removed.'))}
      >
        {key.label} opens nothing any more. Sessions that run go on, and all else of theirs stays: where that is too little, disable or
        reset them.
      </CodeDialog>
    </>
  )
}
