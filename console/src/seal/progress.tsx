import { useEffect, useState } from 'react'
import { clock } from '../words/duration.ts'
import styles from './seal.module.css'
import { given as inWords } from './words.ts'

interface Props {
  given: number
  threshold: number
  /** Seconds until those given are forgotten, as the server counted them at `readAt`. */
  forgottenIn: number | null
  readAt: number
}

/** How many shares are there, of how many that are needed, and how long they are kept. */
export const Progress = ({ given, threshold, forgottenIn, readAt }: Props) => (
  <div className={styles.progress}>
    <span className={styles.dots} aria-hidden="true">
      {Array.from({ length: threshold }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: dots have nothing but their place
        <span key={i} className={styles.dot} data-given={i < given || undefined} />
      ))}
    </span>
    <span>
      <strong>{inWords(given, threshold)}</strong>
      {forgottenIn !== null && <Left until={readAt + forgottenIn * 1000} />}
    </span>
  </div>
)

function Left({ until }: { until: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return <span className={styles.left}>, forgotten in {clock(Math.max(0, (until - now) / 1000))}</span>
}
