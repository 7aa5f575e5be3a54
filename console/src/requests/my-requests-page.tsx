import { IconHandStop, IconPlus } from '@tabler/icons-react'
import { Outlet, useMatchRoute, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { MoreRows, RequestRow } from '../access/request-row.tsx'
import { RowsSkeleton } from '../access/request-skeleton.tsx'
import { useMine } from '../data/access.ts'
import { links } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Split } from '../ui/split.tsx'
import { useListKeys, useReturnToRow } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'

const ask = (
  <LinkButton {...links.newRequest()} size="compact-md" leftSection={<IconPlus size={16} />}>
    New request
  </LinkButton>
)

/** What I asked for, newest first; the opened one, or a new one, beside it. */
export function MyRequestsPage() {
  const { id } = useParams({ strict: false })
  const isNew = useMatchRoute()({ to: '/requests/new' }) !== false
  const navigate = useNavigate()
  const mine = useMine()
  const list = useRef<HTMLDivElement>(null)
  const close = useCallback(() => void navigate(links.requests()), [navigate])
  useListKeys(list, close)
  useReturnToRow(list, id)
  useTitle('My requests')

  return (
    <Split
      title="My requests"
      tools={isNew ? null : ask}
      open={id !== undefined || isNew}
      listRef={list}
      list={<Mine mine={mine} open={id} />}
    >
      <Outlet />
    </Split>
  )
}

function Mine({ mine, open }: { mine: ReturnType<typeof useMine>; open: string | undefined }) {
  if (mine.isPending) return <RowsSkeleton />
  if (!mine.data) return <Failure error={mine.error} retry={() => mine.refetch()} />
  return (
    <>
      {mine.error && <Stale error={mine.error} />}
      {mine.data.length === 0 && (
        <Empty icon={<IconHandStop size={32} stroke={1.5} />} title="You have asked for nothing yet">
          Ask for an account on a target, for a time, with a reason.
        </Empty>
      )}
      {mine.data.map((r) => (
        <RequestRow key={r.id} request={r} to={links.request(r.id)} open={r.id === open} show={{ who: false, state: true }} />
      ))}
      <MoreRows list={mine} />
    </>
  )
}

/** The right side while nothing is open. */
export const RequestsEmptyPane = () => (
  <Empty icon={<IconHandStop size={36} stroke={1.3} />} title="Open a request, or make a new one" action={ask}>
    The SSH door files one for you, too, when you connect without a grant.
  </Empty>
)
