import { Skeleton } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listedAtOnce, useStatements, useStatementsVerified } from '../data/session.ts'
import { Choice } from '../ui/choice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { filterStatements, type Outcome, outcomes } from '../words/statement.ts'
import { ExportRecording } from './export-recording.tsx'
import { NoList, RecordedList } from './recorded-list.tsx'
import { StatementChart } from './statement-chart.tsx'
import { StatementRow } from './statement-row.tsx'
import styles from './statements.module.css'
import { VerifiedOrNot } from './verification.tsx'

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
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.statements) ?? [], [found.data])
  const matching = useMemo(() => filterStatements(all, text, outcome), [all, text, outcome])
  const last = found.data?.pages.at(-1)
  const whole = useStatementsVerified(id, last)

  if (found.isPending) return <Skeleton height={320} radius={10} />
  if (!last) return <NoList found={found} />
  const before = (all[0]?.n ?? 1) - 1
  return (
    <>
      <VerifiedOrNot live={live} known={last.verified} whole={whole} />
      <RecordedList
        {...{ name: 'Statements', live, found, total: last.total, matching }}
        shown={{ first: Math.max(atOnce, ((first - 1) % listedAtOnce) + 20), step: atOnce }}
        row={(s) => <StatementRow key={s.n} session={id} statement={s} open={s.n === statement} />}
        filters={
          <>
            <SearchField label="Text in SQL, parameters or errors" value={text} onSearch={(typed) => setText(typed ?? '')} />
            <Choice
              label="Outcome"
              all="Every outcome"
              value={outcome}
              options={Object.entries(outcomes).map(([key, { word }]) => [key as Outcome, word] as const)}
              onChoose={setOutcome}
            />
            <ExportRecording id={id} what="statements" />
          </>
        }
        above={
          <>
            <StatementChart statements={matching} />
            {before > 0 && <p className={styles.note}>From statement {before + 1} on: the link led here.</p>}
          </>
        }
        empty={all.length === 0 ? nothing : undefined}
        none="No statement is like that."
        remark="Your viewing is kept in the audit log."
        sofar="These are the statements up to when you opened it."
      />
    </>
  )
}

const nothing = {
  icon: <IconDatabaseOff size={32} stroke={1.5} />,
  title: 'Nothing was asked',
  sentence: 'The session opened and ended without a statement.',
}
