import type { retention as api } from '@claviger/api'
import { sizeOf } from '../backups/words.ts'
import { barsOf } from '../words/retention.ts'
import styles from './months.module.css'

const [width, height] = [1000, 120]

/** What was recorded month by month, the coming ones at the rate of the last days, and a line of all that is stored. */
export function Months({ months, growth, total }: Pick<api.Storage, 'months' | 'growth' | 'total'>) {
  const bars = barsOf(months, growth.bytesPerDay, new Date())
  const most = Math.max(1, ...bars.map((b) => b.bytes))
  const step = width / bars.length
  const before = total.bytes - bars.reduce((sum, b) => sum + (b.forecast ? 0 : b.bytes), 0)
  let sum = before
  const sums = bars.map((b) => (sum += b.bytes))
  const top = Math.max(1, sums.at(-1) ?? 1)
  const line = sums.map((s, i) => `${(i + 0.5) * step},${height - (s / top) * (height - 6)}`).join(' ')
  const largest = bars.filter((b) => !b.forecast).reduce((a, b) => (b.bytes > a.bytes ? b : a))
  const summary = `Largest month ${largest.month}: ${sizeOf(largest.bytes)}. Dashed: expected. The line is all that is stored, up to ${sizeOf(top)}.`
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className={styles.bars} role="img" aria-label={summary}>
        {bars.map((b, i) => {
          const tall = b.bytes === 0 ? 0 : Math.max(2, (b.bytes / most) * (height - 6))
          return (
            <rect
              key={b.month}
              x={i * step + step * 0.15}
              width={step * 0.7}
              y={height - tall}
              height={tall}
              data-forecast={b.forecast || undefined}
              vectorEffect="non-scaling-stroke"
            >
              <title>{`${b.month}: ${sizeOf(b.bytes)}${b.forecast ? ', expected' : ''}`}</title>
            </rect>
          )
        })}
        <polyline points={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className={styles.caption}>
        <span>{bars[0]?.month}</span>
        <span>{summary}</span>
        <span>{bars.at(-1)?.month}</span>
      </figcaption>
    </figure>
  )
}
