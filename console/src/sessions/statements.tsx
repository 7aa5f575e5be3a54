import { Button, Skeleton } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useStatements } from '../data/session.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { filterStatements, type Outcome, outcomes } from '../words/statement.ts'
import { ExportRecording } from './export-recording.tsx'
import { StatementChart } from './statement-chart.tsx'
import { StatementRow } from './statement-row.tsx'
import styles from './statements.module.css'
import { Verification } from './verification.tsx'

const route = getRouteApi('/shell/sessions/$id')
const atOnce = 100

/** Every statement of an SQL session: what was asked, how long it took, and what came of it. */
export function Statements({ id, live }: { id: string; live: boolean }) {
  const { statement } = route.useSearch()
  // where one came in: opening another statement is no new viewing
  const [first] = useState(statement ?? 1)
  const found = useStatements(id, first)
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome>()
  const [shown, setShown] = useState(Math.max(atOnce, ((first - 1) % 500) + 20))
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.statements) ?? [], [found.data])
  const matching = useMemo(() => filterStatements(all, text, outcome), [all, text, outcome])

  if (found.isPending) return <Skeleton height={320} radius={10} />
  const last = found.data?.pages.at(-1)
  if (!last)
    return (
      <div className={styles.box}>
        <Failure error={found.error} retry={() => found.refetch()} />
      </div>
    )
  const before = (all[0]?.n ?? 1) - 1
  return (
    <>
      <Verification verified={last.verified} />
      <section className={styles.box} aria-label="Statements">
        <header className={styles.head}>
          <h2>
            Statements <span className="quiet">{last.total.toLocaleString('en-GB')}</span>
          </h2>
          <div className={styles.filters}>
            <SearchField label="Text in SQL, parameters or errors" value={text} onSearch={(typed) => setText(typed ?? '')} />
            <Choice
              label="Outcome"
              all="Every outcome"
              value={outcome}
              options={Object.entries(outcomes).map(([key, { word }]) => [key as Outcome, word] as const)}
              onChoose={setOutcome}
            />
            <ExportRecording id={id} what="statements" />
          </div>
        </header>
        {all.length === 0 ? (
          <Empty icon={<IconDatabaseOff size={32} stroke={1.5} />} title="Nothing was asked">
            The session opened and ended without a statement.
          </Empty>
        ) : (
          <>
            <StatementChart statements={matching} />
            {before > 0 && <p className={styles.note}>From statement {before + 1} on: the link led here.</p>}
            <ol className={styles.list}>
              {matching.slice(0, shown).map((s) => (
                <StatementRow key={s.n} session={id} statement={s} open={s.n === statement} />
              ))}
            </ol>
            {matching.length === 0 && <p className={styles.note}>No statement is like that.</p>}
            {(matching.length > shown || found.hasNextPage) && (
              <p className={styles.more}>
                <Button
                  variant="default"
                  size="compact-md"
                  loading={found.isFetchingNextPage}
                  onClick={() => {
                    setShown(shown + atOnce)
                    if (matching.length <= shown + atOnce && found.hasNextPage) void found.fetchNextPage()
                  }}
                >
                  Show more
                </Button>
              </p>
            )}
          </>
        )}
      </section>
      <p className={styles.viewing}>
        Your viewing is kept in the audit log.
        {live && (
          <>
            {' '}
            These are the statements up to when you opened it.{' '}
            <Button variant="default" size="compact-xs" loading={found.isRefetching} onClick={() => found.refetch()}>
              Load what came since
            </Button>
          </>
        )}
      </p>
    </>
  )
}
