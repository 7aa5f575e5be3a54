import type { session } from '@claviger/api'
import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { heights, took } from '../words/statement.ts'
import styles from './statement-chart.module.css'

const height = 56
const most = 1000

/** When statements ran and how long each took, or how many rows it gave: a line each, on a scale where ten times more is one step. */
export function StatementChart({ statements }: { statements: readonly session.Statement[] }) {
  const [what, setWhat] = useState<'duration' | 'rows'>('duration')
  const drawn = statements.slice(0, most)
  if (drawn.length < 2) return null
  const [from = 0, to = 0] = [drawn[0]?.seconds, drawn.at(-1)?.seconds]
  const high = heights(drawn.map((s) => (what === 'duration' ? s.durationMs : s.rows)))
  const longest = Math.max(0, ...drawn.map((s) => s.durationMs ?? 0))
  const widest = Math.max(0, ...drawn.map((s) => s.rows ?? 0))
  const summary = `Longest ${took(longest)}; most rows ${widest.toLocaleString('en-GB')}`
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" className={styles.lines} role="img" aria-label={summary}>
        {drawn.map((s, at) => {
          const x = to === from ? (at / drawn.length) * 1000 : ((s.seconds - from) / (to - from)) * 996 + 2
          const tall = 3 + (high[at] ?? 0) * (height - 4)
          return <line key={s.n} x1={x} x2={x} y1={height} y2={height - tall} data-outcome={s.outcome} vectorEffect="non-scaling-stroke" />
        })}
      </svg>
      <figcaption className={styles.caption}>
        <span>{summary}</span>
        <SegmentedControl
          aria-label="What the lines show"
          size="xs"
          value={what}
          onChange={(value) => setWhat(value === 'rows' ? 'rows' : 'duration')}
          data={[
            { value: 'duration', label: 'Duration' },
            { value: 'rows', label: 'Rows' },
          ]}
        />
      </figcaption>
    </figure>
  )
}
