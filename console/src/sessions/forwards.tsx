import type { session } from '@claviger/api'
import { Button, Skeleton } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useForwards } from '../data/session.ts'
import { StateChip } from '../ui/chip.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { sizeInWords } from '../words/file.ts'
import styles from './statements.module.css'

type Forward = session.Forward

const outcomes = {
  closed: { word: 'Closed', tone: 'over' },
  failed: { word: 'Failed', tone: 'bad' },
  cut: { word: 'Cut', tone: 'wait' },
} as const
const open = { word: 'Open', tone: 'good' } as const
const size = (bytes: number | null) => (bytes === null ? '–' : sizeInWords(bytes))

const columns: Column<Forward>[] = [
  {
    name: 'Where',
    cell: (f) => (
      <>
        {f.direction === 'local' ? 'to' : 'taken at'} <code>{`${f.host}:${f.port}`}</code>
        {f.message !== null && <span className="quiet"> {f.message}</span>}
      </>
    ),
    narrow: 'top',
  },
  { name: 'From', cell: (f) => <code>{f.from}</code>, narrow: 'middle' },
  { name: 'Opened', cell: (f) => <When at={f.openedAt} as="moment" />, narrow: 'bottom', tight: true },
  { name: 'Sent', cell: (f) => <span className="quiet">{size(f.sent)}</span>, narrow: 'bottom-end', tight: true },
  { name: 'Received', cell: (f) => <span className="quiet">{size(f.received)}</span>, narrow: 'middle-end', tight: true },
  { name: 'Ended', cell: (f) => <StateChip {...(f.outcome ? outcomes[f.outcome] : open)} />, narrow: 'top-end', tight: true },
]

/** The connections that a session carried for its SSH client: where to, and how much passed. */
export function Forwards({ id, live }: { id: string; live: boolean }) {
  const found = useForwards(id, live)
  if (found.isPending) return <Skeleton height={320} radius={10} />
  if (!found.data)
    return (
      <div className={styles.box}>
        <Failure error={found.error} retry={() => found.refetch()} />
      </div>
    )
  const all = found.data.pages.flatMap((page) => page.forwards)
  return (
    <>
      <section className={styles.box} aria-label="Connections">
        <header className={styles.head}>
          <h2>
            Connections <span className="quiet">{all.length.toLocaleString('en-GB')}</span>
          </h2>
        </header>
        {all.length === 0 ? (
          <Empty icon={<IconRoute size={32} stroke={1.5} />} title="No connection was carried">
            The session opened, and nothing was connected through it.
          </Empty>
        ) : (
          <Rows label="Connections" rows={all} old={false} columns={columns} idOf={(f) => String(f.n)} />
        )}
        {found.hasNextPage && (
          <p className={styles.more}>
            <Button variant="default" size="compact-md" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
              Show more
            </Button>
          </p>
        )}
      </section>
      <p className={styles.viewing}>
        What passes in forwarded connections is opaque: where to, who connected and how much is in the ledger.
      </p>
    </>
  )
}
