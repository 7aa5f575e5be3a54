import { StateChip } from '../../ui/chip.tsx'
import { took } from '../../words/statement.ts'
import styles from './sql.module.css'
import type { Past } from './state.ts'

const outcomes = {
  done: { word: 'Done', tone: 'over' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'wait' },
  cut: { word: 'Cut off', tone: 'bad' },
} as const
const inLine = 300

/** What ran on this page, the newest first. It is here as long as the page is, and nowhere else. */
export function History({ past, onTake }: { past: readonly Past[]; onTake: (sql: string) => void }) {
  if (past.length === 0) return null
  return (
    <section className={styles.history} aria-label="What ran on this page">
      <h2>
        What ran here <span className="quiet">until this page is left; the recording keeps it</span>
      </h2>
      <ol>
        {past.map((one) => (
          <li key={one.n}>
            <button type="button" className={styles.past} onClick={() => onTake(one.sql)} title="Back into the editor">
              <span className={styles.nth}>{one.n}</span>
              <code>{one.sql.slice(0, inLine).replace(/\s+/g, ' ').trim()}</code>
              <span className={styles.amount}>
                {one.rows === null ? '–' : `${one.rows.toLocaleString('en-GB')} ${one.rows === 1 ? 'row' : 'rows'}`}
              </span>
              <span className={styles.amount}>{took(one.ms)}</span>
              <StateChip {...outcomes[one.outcome]} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
