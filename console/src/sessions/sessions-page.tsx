import { SegmentedControl } from '@mantine/core'
import { IconTerminal2, IconZoomScan } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useViewer } from '../data/identity.ts'
import { useSessions } from '../data/session.ts'
import { links } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { More } from '../ui/more.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { SessionsTable } from './sessions-table.tsx'
import { WaitingOpenings } from './waiting-openings.tsx'

const route = getRouteApi('/shell/sessions')

/** Sessions that the viewer made or may see, newest first. */
export function SessionsPage() {
  const filter = route.useSearch()
  const { state, search } = filter
  const navigate = useNavigate()
  const sessions = useSessions(filter)
  const viewer = useViewer()
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Sessions')
  const rows = sessions.data

  return (
    <ListPage
      title="Sessions"
      tools={
        <>
          {viewer.seesRecordings && (
            <LinkButton {...links.searchSessions()} variant="default" leftSection={<IconZoomScan size={16} />}>
              Search recordings
            </LinkButton>
          )}
          <SegmentedControl
            aria-label="Which sessions"
            size="xs"
            value={state ?? 'all'}
            onChange={(value) =>
              navigate(links.sessions({ ...filter, state: value === 'running' || value === 'ended' ? value : undefined }))
            }
            data={[
              { value: 'all', label: 'All' },
              { value: 'running', label: 'Running' },
              { value: 'ended', label: 'Ended' },
            ]}
          />
        </>
      }
      filters={
        <SearchField
          label="Person, or account@target"
          value={search}
          onSearch={(text) => void navigate({ ...links.sessions({ ...filter, search: text }), replace: true })}
        />
      }
    >
      <WaitingOpenings />
      {rows && sessions.error && <Stale error={sessions.error} />}
      {!rows && sessions.error && <Failure error={sessions.error} retry={() => sessions.refetch()} />}
      {rows?.length === 0 && <NoSession state={state} search={search} />}
      {(sessions.isPending || (rows && rows.length > 0)) && <SessionsTable ref={list} rows={rows} old={sessions.isPlaceholderData} />}
      <More list={sessions} />
    </ListPage>
  )
}

function NoSession({ state, search }: { state: 'running' | 'ended' | undefined; search: string | undefined }) {
  const icon = <IconTerminal2 size={32} stroke={1.5} />
  if (search)
    return (
      <Empty icon={icon} title="No session is like that">
        Search for a part of somebody’s name, or of account@target.
      </Empty>
    )
  return (
    <Empty icon={icon} title={state === 'running' ? 'No session is running' : 'No session yet'}>
      A session appears here the moment it opens, with its recording.
    </Empty>
  )
}
