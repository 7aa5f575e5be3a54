import type { session } from '@claviger/api'
import { VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { links } from '../paths.ts'
import { PlainChip, StateChip } from '../ui/chip.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import { clock } from '../words/duration.ts'
import { outcomes, remarks, took } from '../words/statement.ts'
import { KeptRows } from './kept-rows.tsx'
import styles from './statements.module.css'

/** Characters of the SQL in its line: more than any screen is wide, and no page for whoever hears it. */
const inLine = 300

interface Props {
  session: string
  statement: session.Statement
  open: boolean
}

/** One statement: a line, and everything about it when it is open. Its address can be sent to somebody. */
export function StatementRow({ session, statement: s, open }: Props) {
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  return (
    <li ref={row} className={styles.item} data-open={open || undefined}>
      <Link
        {...links.session(session, open ? undefined : s.n)}
        resetScroll={false}
        className={styles.row}
        data-row
        aria-current={open || undefined}
      >
        <span className={styles.n}>
          <VisuallyHidden>Statement </VisuallyHidden>
          {s.n}
        </span>
        <span className={styles.at}>{clock(s.seconds)}</span>
        <code className={styles.sql}>{s.sql.slice(0, inLine)}</code>
        <span className={styles.took}>{took(s.durationMs)}</span>
        <span className={styles.rows}>{s.rows === null ? '–' : `${s.rows.toLocaleString('en-GB')} ${s.rows === 1 ? 'row' : 'rows'}`}</span>
        <span className={styles.outcome}>
          <StateChip {...outcomes[s.outcome]} />
        </span>
      </Link>
      {open && <StatementDetails statement={s} />}
    </li>
  )
}

const StatementDetails = ({ statement: s }: { statement: session.Statement }) => (
  <div className={styles.details}>
    <pre className={styles.whole}>{s.sql}</pre>
    {remarks(s).length > 0 && (
      <p className={styles.chips}>
        {remarks(s).map((remark) => (
          <PlainChip key={remark}>{remark}</PlainChip>
        ))}
      </p>
    )}
    <Facts>
      {s.parameters.length > 0 && (
        <Fact name="Parameters">
          <ol className={styles.parameters}>
            {s.parameters.map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parameters are known by their place
              <li key={at}>
                <span className="quiet">${at + 1}</span> {value === null ? <span className="quiet">null</span> : <code>{value}</code>}
              </li>
            ))}
          </ol>
        </Fact>
      )}
      <Fact name="Outcome">
        {s.message ? (
          <>
            {s.message} {s.sqlState && <code className="quiet">{s.sqlState}</code>}
          </>
        ) : (
          (s.tag ?? outcomes[s.outcome].word)
        )}
      </Fact>
      {s.results && (
        <Fact name="Gave back">
          <KeptRows results={s.results} came={s.rows} />
        </Fact>
      )}
      <Fact name="When">
        <When at={s.at} as="moment" /> <span className="quiet">{s.via} protocol</span>
      </Fact>
      <Fact name="Took">
        {took(s.durationMs)}
        <span className="quiet">
          {s.rows !== null && `, ${s.rows.toLocaleString('en-GB')} rows`}
          {s.bytes !== null && `, ${s.bytes.toLocaleString('en-GB')} bytes`}
        </span>
      </Fact>
      <Fact name="Link">
        <Copyable value={location.href} shown={`?statement=${s.n}`} what="link to this statement" />
      </Fact>
    </Facts>
  </div>
)
