import { Button, SegmentedControl } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useSessions } from '../data/session.ts'
import { links } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import styles from './sessions-page.module.css'
import { SessionsTable } from './sessions-table.tsx'

const route = getRouteApi('/shell/sessions')

/** Sessions that the viewer made or may see, newest first. */
export function SessionsPage() {
  const { state } = route.useSearch()
  const navigate = useNavigate()
  const sessions = useSessions(state)
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Sessions')
  const rows = sessions.data?.pages.flat()

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <PageHeading>Sessions</PageHeading>
        <SegmentedControl
          aria-label="Which sessions"
          size="xs"
          value={state ?? 'all'}
          onChange={(value) => navigate(links.sessions(value === 'running' || value === 'ended' ? value : undefined))}
          data={[
            { value: 'all', label: 'All' },
            { value: 'running', label: 'Running' },
            { value: 'ended', label: 'Ended' },
          ]}
        />
      </header>
      {rows && sessions.error && <Stale error={sessions.error} />}
      {!rows && sessions.error && <Failure error={sessions.error} retry={() => sessions.refetch()} />}
      {rows?.length === 0 && (
        <Empty icon={<IconTerminal2 size={32} stroke={1.5} />} title={state === 'running' ? 'No session is running' : 'No session yet'}>
          A session appears here the moment it opens, with its recording.
        </Empty>
      )}
      {(sessions.isPending || (rows && rows.length > 0)) && <SessionsTable ref={list} rows={rows} />}
      {sessions.hasNextPage && (
        <Button variant="default" className={styles.more} loading={sessions.isFetchingNextPage} onClick={() => sessions.fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </div>
  )
}
