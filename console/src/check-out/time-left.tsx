import type { access } from '@claviger/api'
import { When } from '../ui/when.tsx'
import { clock } from '../words/duration.ts'
import styles from './time-left.module.css'
import { useSeconds } from './use-seconds.ts'

/** How much of a grant is left, as a clock and as a bar. What ends it is the server: here it is only shown. */
export function TimeLeft({ grant: g }: { grant: Pick<access.Grant, 'startsAt' | 'endsAt'> }) {
  const [from, to] = [Date.parse(g.startsAt), Date.parse(g.endsAt)]
  const left = Math.max(0, to - useSeconds(to))
  const part = Math.min(100, (left / Math.max(1, to - from)) * 100)
  return (
    <div className={styles.time}>
      <p>
        <span role="timer" className={styles.clock}>
          {clock(left / 1000)}
        </span>{' '}
        left, until <When at={g.endsAt} as="moment" />
      </p>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.left} data-soon={part < 15 || undefined} style={{ width: `${part}%` }} />
      </span>
    </div>
  )
}
