import { Button } from '@mantine/core'
import { IconChevronLeft, IconZoomExclamation, IconZoomScan } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type SessionSearch, useSessionSearch } from '../data/session-search.ts'
import { links } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useTitle } from '../ui/use-title.ts'
import { FoundSessions } from './found-sessions.tsx'
import styles from './search.module.css'
import { SearchForm } from './search-form.tsx'

/** Sessions by what stands in their recordings. What somebody looks for is not in the address: that is kept by browsers and proxies. */
export function SearchPage() {
  const [asked, setAsked] = useState<SessionSearch>()
  const [turn, setTurn] = useState(0)
  const found = useSessionSearch(asked, turn)
  useTitle('Search recordings')
  const pages = found.data?.pages
  const sessions = pages?.flatMap((page) => page.sessions)
  const last = pages?.at(-1)

  return (
    <div className={styles.page}>
      <Link {...links.sessions()} className={styles.back}>
        <IconChevronLeft size={18} aria-hidden="true" />
        Sessions
      </Link>
      <PageHeading>Search recordings</PageHeading>
      <SearchForm
        busy={found.isFetching && !found.isFetchingNextPage}
        onSearch={(search) => {
          setAsked(search)
          setTurn((n) => n + 1)
        }}
      />
      <p className={styles.note}>
        That you searched for what, and each recording that is opened for it, is kept in the audit log.
        {last && last.waiting > 0 && ` ${last.waiting} recordings are not looked through yet.`}
        {last && last.failed > 0 && ` ${last.failed} cannot be searched: their keys are gone, or they do not open.`}
      </p>
      {found.error && !sessions && <Failure error={found.error} retry={() => setTurn((n) => n + 1)} />}
      {!asked && (
        <Empty icon={<IconZoomScan size={32} stroke={1.5} />} title="What happened, in which session?">
          Whole words from commands, statements, names of files and screens. All of them must stand in a recording; “in quotes”, side by
          side.
        </Empty>
      )}
      {sessions?.length === 0 && (
        <Empty icon={<IconZoomExclamation size={32} stroke={1.5} />} title="No recording is like that">
          Words are looked for whole, without case. What was typed unseen and masked passwords are never found.
        </Empty>
      )}
      {sessions && sessions.length > 0 && <FoundSessions sessions={sessions} />}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => found.fetchNextPage()}
          style={{ justifySelf: 'center' }}
        >
          Search further back
        </Button>
      )}
    </div>
  )
}
