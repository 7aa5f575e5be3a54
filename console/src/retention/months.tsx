import type { retention as api } from '@claviger/api'
import { sizeOf } from '../backups/words.ts'
import { type Bar, barsOf } from '../words/retention.ts'
import styles from './months.module.css'

const [width, height] = [1000, 120]
/** Room above the tallest bar, so that the line of all that is stored is not cut off. */
const tallest = height - 6

/** What was recorded month by month, the coming ones at the rate of the last days, and a line of all that is stored. */
export function Months({ months, growth, total }: Pick<api.Storage, 'months' | 'growth' | 'total'>) {
  const bars = barsOf(months, growth.bytesPerDay, new Date())
  const most = Math.max(1, ...bars.map((b) => b.bytes))
  const step = width / bars.length
  let sum = total.bytes - bars.reduce((all, b) => all + (b.forecast ? 0 : b.bytes), 0)
  const sums = bars.map((b) => (sum += b.bytes))
  const top = Math.max(1, sums.at(-1) ?? 1)
  const line = sums.map((s, i) => `${(i + 0.5) * step},${height - (s / top) * tallest}`).join(' ')
  const largest = bars.filter((b) => !b.forecast).reduce((a, b) => (b.bytes > a.bytes ? b : a))
  const summary = `Largest month ${largest.month}: ${sizeOf(largest.bytes)}. All that is stored, with what is expected: ${sizeOf(top)}.`
  return (
    <figure className={styles.chart}>
      <div className={styles.plot}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className={styles.bars} role="img" aria-label={summary}>
          {bars.map((b, i) => {
            const tall = b.bytes === 0 ? 0 : Math.max(2, (b.bytes / most) * tallest)
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
        <ol className={styles.months} aria-hidden="true">
          {bars.map((b, i) => (
            <li key={b.month}>
              {monthOf(b)}
              <small>{i === 0 || b.month.endsWith('-01') ? b.month.slice(0, 4) : '\u00a0'}</small>
            </li>
          ))}
        </ol>
      </div>
      <figcaption className={styles.legend}>
        <span data-of="recorded">recorded in a month, up to {sizeOf(largest.bytes)}</span>
        <span data-of="expected">expected at the rate of the last {growth.days} days</span>
        <span data-of="all">all that is stored, up to {sizeOf(top)}</span>
      </figcaption>
    </figure>
  )
}

const monthOf = ({ month }: Bar): string => new Date(`${month}-01T00:00:00Z`).toLocaleString('en', { month: 'short', timeZone: 'UTC' })
