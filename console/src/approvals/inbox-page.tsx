import { SegmentedControl } from '@mantine/core'
import { IconCheckbox, IconInbox } from '@tabler/icons-react'
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { MoreRows, RequestRow } from '../access/request-row.tsx'
import { RowsSkeleton } from '../access/request-skeleton.tsx'
import { HeldActs } from '../asks/held-acts.tsx'
import { useDecided, useInbox } from '../data/access.ts'
import { useAllHeldActs } from '../data/asks.ts'
import { useViewer } from '../data/identity.ts'
import { countOf } from '../data/pages.ts'
import { links } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Split } from '../ui/split.tsx'
import { useListKeys, useReturnToRow } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import styles from './inbox-page.module.css'

const route = getRouteApi('/shell/approvals')
const often = 3000

/** What waits for a decision, and what was decided lately; the opened one beside it. */
export function InboxPage() {
  const { show, ticket } = route.useSearch()
  const { id } = useParams({ strict: false })
  const navigate = useNavigate()
  const viewer = useViewer()
  const inbox = useInbox(often)
  const held = useAllHeldActs(viewer.decides)
  const waiting = countOf(inbox, held.data?.filter(({ mayDecide }) => mayDecide).length)
  const list = useRef<HTMLDivElement>(null)
  const close = useCallback(() => void navigate(links.approvals(show, ticket)), [navigate, show, ticket])
  useListKeys(list, close)
  useReturnToRow(list, id)
  useTitle(waiting !== '0' ? `(${waiting}) Approvals` : 'Approvals')

  return (
    <Split
      title="Approvals"
      open={id !== undefined}
      listRef={list}
      tools={
        <SegmentedControl
          aria-label="Which requests"
          size="xs"
          value={show ?? 'waiting'}
          onChange={(value) => navigate(links.approvals(value === 'decided' ? 'decided' : undefined))}
          data={[
            { value: 'waiting', label: waiting !== '0' ? `Waiting ${waiting}` : 'Waiting' },
            { value: 'decided', label: 'Decided' },
          ]}
        />
      }
      list={
        show === 'decided' ? (
          <Decided open={id} ticket={ticket} />
        ) : (
          <Waiting inbox={inbox} held={held} open={id} decides={viewer.decides} />
        )
      }
    >
      <Outlet />
    </Split>
  )
}

interface WaitingProps {
  inbox: ReturnType<typeof useInbox>
  held: ReturnType<typeof useAllHeldActs>
  open: string | undefined
  decides: boolean
}

/** What waits in sessions first: it waits for minutes, and somebody sits before it. */
const Waiting = ({ held, ...requests }: WaitingProps) => (
  <>
    <div className={styles.held}>
      <HeldActs held={held} />
    </div>
    <WaitingRequests {...requests} someHeld={(held.data?.length ?? 0) > 0} />
  </>
)

function WaitingRequests({ inbox, open, decides, someHeld }: Omit<WaitingProps, 'held'> & { someHeld: boolean }) {
  if (inbox.isPending) return <RowsSkeleton />
  if (!inbox.data) return <Failure error={inbox.error} retry={() => inbox.refetch()} />
  return (
    <>
      {inbox.error && <Stale error={inbox.error} />}
      {inbox.data.length === 0 && !someHeld && (
        <Empty icon={<IconInbox size={32} stroke={1.5} />} title="Nothing waits for you">
          {decides ? 'A new request appears here by itself.' : 'Only approvers and security officers are asked to decide.'}
        </Empty>
      )}
      {inbox.data.map((r) => (
        <RequestRow key={r.id} request={r} to={links.approval(r.id)} open={r.id === open} show={{ who: true, state: false }} />
      ))}
      <MoreRows list={inbox} />
    </>
  )
}

function Decided({ open, ticket }: { open: string | undefined; ticket: string | undefined }) {
  const navigate = useNavigate()
  const decided = useDecided(ticket)
  const narrow = (text: string | undefined) => void navigate({ ...links.approvals('decided', text), replace: true })
  if (decided.isPending) return <RowsSkeleton />
  if (!decided.data) return <Failure error={decided.error} retry={() => decided.refetch()} />
  return (
    <>
      <div className={styles.search}>
        <SearchField label="ITSM ticket" value={ticket} onSearch={narrow} />
      </div>
      {decided.error && <Stale error={decided.error} />}
      {decided.data.length === 0 && (
        <Empty
          icon={<IconCheckbox size={32} stroke={1.5} />}
          title={ticket ? 'Nothing was decided under this ticket' : 'Nothing was decided yet'}
        >
          {ticket
            ? 'Give the whole name of the ticket, such as CHG0012345.'
            : 'Approved, denied, withdrawn and expired requests are listed here.'}
        </Empty>
      )}
      {decided.data.map((r) => (
        <RequestRow
          key={r.id}
          request={r}
          to={links.approval(r.id, 'decided', ticket)}
          open={r.id === open}
          show={{ who: true, state: true }}
        />
      ))}
      <MoreRows list={decided} />
    </>
  )
}

/** The right side while nothing is open. */
export function InboxEmptyPane() {
  return (
    <Empty icon={<IconInbox size={36} stroke={1.3} />} title="Open a request to decide">
      Use <kbd>j</kbd> and <kbd>k</kbd> to move, <kbd>Enter</kbd> to open, <kbd>?</kbd> for all keys.
    </Empty>
  )
}
