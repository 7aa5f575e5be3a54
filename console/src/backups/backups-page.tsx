import { Button, Checkbox } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { BackupsTable } from './backups-table.tsx'
import { HowToRestore } from './how-to-restore.tsx'
import { beginBackup, useBackups } from './use-backups.ts'
import { everyInWords } from './words.ts'

/** The backups of all servers, whether the newest is good, and what to do on the day that needs one. */
export function BackupsPage() {
  useTitle('Backups')
  const viewer = useViewer()
  const queries = useQueryClient()
  const { data, error, refetch } = useBackups()
  const [asked, setAsked] = useState(false)
  const [recordings, setRecordings] = useState(false)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  const schedule = data?.schedule
  const someone = (schedule?.recipients.length ?? 0) > 0
  return (
    <ListPage title="Backups" tools={viewer.backsUp && someone && <Button onClick={() => setAsked(true)}>Back up now…</Button>}>
      <p role="status">
        {schedule &&
          (schedule.everySeconds === null
            ? 'None are made by themselves: whoever runs the server sets CLAVIGER_BACKUP_EVERY and CLAVIGER_BACKUP_RECIPIENTS.'
            : `Every ${everyInWords(schedule.everySeconds)}; the newest ${schedule.keep} are kept on the server in ${schedule.folder}.`)}
      </p>
      {data?.backups.length === 0 ? <p>No backup was made yet.</p> : <BackupsTable rows={data?.backups} fetches={viewer.backsUp} />}
      <Section title="How to restore">
        <HowToRestore />
      </Section>
      <CodeDialog
        opened={asked}
        onClose={() => setAsked(false)}
        title="Back up now"
        confirm="Back up"
        act={({ code }) => beginBackup(code, recordings).then(() => queries.invalidateQueries({ queryKey: ['backups'] }))}
      >
        <p>
          Everything in the database and the escrow, encrypted to {schedule?.recipients.length} recipients. What opens the seal is not in
          it.
        </p>
        <Checkbox label="With the recordings of sessions" checked={recordings} onChange={(e) => setRecordings(e.currentTarget.checked)} />
      </CodeDialog>
    </ListPage>
  )
}
