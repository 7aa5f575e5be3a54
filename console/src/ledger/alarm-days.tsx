import { useAlarmDays } from '../data/ledger.ts'
import styles from './ledger.module.css'

const days = 30
const dayMs = 86_400_000

/** The alarms of the last thirty days, one bar a day. */
export function AlarmDays() {
  const found = useAlarmDays(days)
  if (!found.data) return null
  const counts = new Map(found.data.map((d) => [d.day, d.alarms]))
  const today = Date.now()
  const bars = Array.from({ length: days }, (_, i) => {
    const day = new Date(today - (days - 1 - i) * dayMs).toISOString().slice(0, 10)
    return { day, alarms: counts.get(day) ?? 0 }
  })
  const most = Math.max(1, ...bars.map((b) => b.alarms))
  const sum = bars.reduce((all, b) => all + b.alarms, 0)
  return (
    <figure className={styles.days}>
      <figcaption>
        {sum} {sum === 1 ? 'alarm' : 'alarms'} in {days} days
      </figcaption>
      <div
        className={styles.bars}
        role="img"
        aria-label={
          bars
            .filter((b) => b.alarms > 0)
            .map((b) => `${b.day}: ${b.alarms}`)
            .join(', ') || 'none'
        }
      >
        {bars.map(({ day, alarms }) => (
          <span
            key={day}
            title={`${day}: ${alarms}`}
            data-some={alarms > 0 || undefined}
            style={{ height: `${alarms === 0 ? 4 : 12 + (88 * alarms) / most}%` }}
          />
        ))}
      </div>
    </figure>
  )
}
