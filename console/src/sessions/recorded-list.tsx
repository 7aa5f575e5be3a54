import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Listing, useNextAgain } from '../data/session.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, SmallFailure, Stale } from '../ui/failure.tsx'
import styles from './statements.module.css'

interface Props<T> {
  name: string
  live: boolean
  found: Listing
  total: number
  /** Of those that were fetched, what the filters leave. */
  matching: readonly T[]
  row: (one: T) => ReactNode
  /** Shown at first, and more with each step. */
  shown: { first: number; step: number }
  /** What to look for, and the export. */
  filters: ReactNode
  /** Between these and the rows. */
  above?: ReactNode
  /** Nothing was recorded; undefined where something was. */
  empty?: { icon: ReactNode; title: string; sentence: string } | undefined
  /** Nothing is left by the filters. */
  none: string
  /** Who looks has to know. */
  remark: string
  sofar: string
}

/** What a recording lists, in the order in which it happened: fetched as far as somebody reads. */
export function RecordedList<T>(props: Props<T>) {
  const { name, live, found, total, matching, row, filters, above, empty, none, remark, sofar } = props
  const [shown, setShown] = useState(props.shown.first)
  useNextAgain(found)
  const more = () => {
    const next = shown + props.shown.step
    setShown(next)
    if (matching.length <= next && found.hasNextPage) void found.fetchNextPage()
  }
  return (
    <>
      <section className={styles.box} aria-label={name}>
        <header className={styles.head}>
          <h2>
            {name} <span className="quiet">{total.toLocaleString('en-GB')}</span>
          </h2>
          <div className={styles.filters}>{filters}</div>
        </header>
        {empty ? (
          <Empty icon={empty.icon} title={empty.title}>
            {empty.sentence}
          </Empty>
        ) : (
          <>
            {above}
            <ol className={styles.list}>{matching.slice(0, shown).map(row)}</ol>
            {matching.length === 0 && <p className={styles.note}>{none}</p>}
          </>
        )}
        {found.isFetchNextPageError && <SmallFailure error={found.error} retry={() => void found.fetchNextPage()} />}
        {!found.isFetchNextPageError && (matching.length > shown || found.hasNextPage) && (
          <p className={styles.more}>
            <Button variant="default" size="compact-md" loading={found.isFetchingNextPage} onClick={more}>
              Show more
            </Button>
          </p>
        )}
      </section>
      <p className={styles.viewing}>
        {remark}
        {live && (
          <>
            {' '}
            {sofar}{' '}
            <Button variant="default" size="compact-xs" loading={found.isRefetching} onClick={() => found.refetch()}>
              Load what came since
            </Button>
          </>
        )}
      </p>
      {found.isRefetchError && !found.isFetchNextPageError && <Stale error={found.error} />}
    </>
  )
}

/** None of it could be opened. */
export const NoList = ({ found }: { found: Listing }) => (
  <div className={styles.box}>
    <Failure error={found.error} retry={() => found.refetch()} />
  </div>
)
