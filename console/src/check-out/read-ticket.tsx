import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { issueReadTicket } from '../data/check-out.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { saveFile } from '../ui/save-file.ts'
import { useNow, When } from '../ui/when.tsx'
import styles from './in-hand.module.css'

/** Lets a program read the credential that the viewer holds: the ticket goes into a file, and is neither shown nor kept here. */
export function ReadTicket({ grant }: { grant: access.Grant }) {
  const [opened, setOpened] = useState(false)
  const [until, setUntil] = useState<string>()
  const now = useNow()
  const name = `${grant.account}@${grant.target}`
  const file = `${name}.ticket`
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        For a program…
      </Button>
      {until !== undefined && Date.parse(until) > now && (
        <p className={styles.ticket}>
          Until <When at={until} as="moment" /> programs on this machine read it:{' '}
          <Copyable value={`claviger read --ticket-file ${file}`} what="command" />
        </p>
      )}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Let a program read it"
        confirm="Save a ticket"
        act={async ({ code }) => {
          const { ticket, expiresAt } = await issueReadTicket(grant.id, code)
          saveFile(file, `${ticket}\n`)
          setUntil(expiresAt)
          announce('The ticket was saved.')
        }}
      >
        Your browser saves <code>{file}</code>. Whoever has it reads the credential of <code>{name}</code> from the address of this machine,
        for 15 minutes and no longer than you hold it. Each read is in the audit log with your name. Put it where only you and the program
        read it.
      </CodeDialog>
    </>
  )
}
