import type { session } from '@claviger/api'
import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { Failure } from '../ui/failure.tsx'
import { clock } from '../words/duration.ts'
import { endingInWords } from '../words/session.ts'
import { LiveScreen } from './live-screen.tsx'
import styles from './live-view.module.css'
import { type Line, useLive } from './use-live.ts'

/** A running session as it happens: its screen, or its statements and files, line by line. */
export function LiveView({ session: s, covert }: { session: session.Session; covert: string | undefined }) {
  const { began, now, heard, lines, over, error, feed } = useLive(s.id, covert)
  const size = useMemo(() => ({ cols: began?.columns ?? 80, rows: began?.rows ?? 24 }), [began])
  return (
    <section className={styles.live} aria-label="Live">
      <p className={styles.state} role="status" data-over={over !== undefined || !heard || undefined}>
        {over ? whyOver[over.why] : !heard ? silent : now ? 'Live' : 'Connecting…'}
        {over?.endReason && over.why !== 'interrupted' && <span> ({endingInWords(over.endReason)})</span>}
        <span className={styles.told}>
          {covert === undefined ? `${s.person.displayName} is told that you watch.` : 'Covert: nobody but the audit log is told.'}
        </span>
      </p>
      {error ? (
        <Failure error={error} />
      ) : began ? (
        began.what === 'terminal' ? (
          <LiveScreen feed={feed} size={size} rawLines={s.kind === 'exec'} />
        ) : null
      ) : (
        <Skeleton height={320} />
      )}
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it is reached by keyboard
        <ol className={styles.lines} aria-label="What was done" tabIndex={0}>
          {lines.map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list that only grows
            <li key={i}>
              <span className={styles.at}>{clock(line.seconds)}</span> <code>{inWords(line)}</code>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

const silent = 'Not live: nothing is heard of the gateway that carries this session'

const whyOver = {
  session_over: 'The session has ended',
  interrupted: 'Interrupted: the gateway that carried this session was cut off',
  too_slow: 'More happened than this page could take; watch again to go on',
  signed_out: 'You are not signed in any more, or may not watch any more',
  stopping: 'The server stops; watch again in a moment',
  failed: 'The server could not go on; look into the recording',
} as const

function inWords(line: Line): string {
  if (line.kind === 'command') return `$ ${line.text}`
  if (line.kind === 'statement') return `${line.n}: ${line.sql}`
  if (line.kind === 'statement_end') return `${line.n}: ${[line.outcome, line.tag, line.message].filter(Boolean).join(' · ')}`
  return `${line.op} ${line.path} · ${line.outcome}`
}
