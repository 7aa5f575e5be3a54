import type { CredentialKind } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useDestroyVersions } from '../data/passwords.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { credentialWords } from '../words/inventory.ts'

interface Props {
  account: string
  credential: CredentialKind
  version: number
}

/** Destroys one version that was replaced, with a reason and a fresh code. */
export function DestroyVersion({ account, credential, version }: Props) {
  const [opened, setOpened] = useState(false)
  const destroy = useDestroyVersions(account)
  const name = `${credentialWords[credential]} v${version}`
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)} aria-label={`Destroy ${name}`}>
        Destroy
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Destroy ${name}`}
        confirm="Destroy for ever"
        danger
        reason={{ placeholder: 'seen in a ticket' }}
        act={({ code, reason }) => destroy.mutateAsync({ credential, versions: [version], reason, code })}
      >
        Nobody opens it any more, not even from an older database. It is complete when the backups that hold it are gone.
      </CodeDialog>
    </>
  )
}
