import type { sessionSearch } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { links } from '../paths.ts'
import { When } from '../ui/when.tsx'
import { clock } from '../words/duration.ts'
import styles from './search.module.css'

type Found = sessionSearch.FoundSession
type Hit = sessionSearch.SearchHit

const remarks: Partial<Record<Found['looked'], string>> = {
  part: 'Read in part: it takes too long.',
  elsewhere: 'Its recording is not in this server’s folder.',
  unreadable: 'Its recording does not open.',
}
const places: Record<Hit['where'], string> = { command: 'command', statement: 'statement', file: 'file', screen: 'screen' }

/** What was found: each session with the lines in which the words stand. A line leads to its moment. */
export const FoundSessions = ({ sessions }: { sessions: readonly Found[] }) => (
  <ol className={styles.found} aria-label="Found sessions">
    {sessions.map(({ session: s, hits, looked }) => (
      <li key={s.id} className={styles.session}>
        <p className={styles.head}>
          <Link {...links.session(s.id)} className={styles.name}>
            {s.person.displayName} on{' '}
            <code>
              {s.account}@{s.target}
            </code>
          </Link>
          <span className="quiet">
            <When at={s.openedAt} as="moment" />
          </span>
        </p>
        {remarks[looked] && <p className={styles.remark}>{remarks[looked]}</p>}
        {hits.map((hit) => (
          <Link
            key={`${hit.seconds} ${hit.where} ${hit.text}`}
            {...links.session(s.id, s.kind === 'sql' ? (hit.n ?? undefined) : undefined, s.kind === 'sql' ? undefined : momentOf(hit))}
            className={styles.hit}
          >
            <span className={styles.at}>{clock(hit.seconds)}</span>
            <span className={styles.where}>{hit.n === null ? places[hit.where] : `${places[hit.where]} ${hit.n}`}</span>
            <code className={styles.line}>{marked(hit)}</code>
          </Link>
        ))}
      </li>
    ))}
  </ol>
)

/** Just behind it, so that it stands on the screen. */
const momentOf = ({ seconds }: Hit): number => Math.ceil(seconds * 10) / 10

function marked({ text, marks }: Hit): ReactNode[] {
  let end = 0
  const parts: ReactNode[] = []
  for (const { from, to } of marks) {
    parts.push(text.slice(end, from), <mark key={from}>{text.slice(from, to)}</mark>)
    end = to
  }
  return [...parts, text.slice(end)]
}
