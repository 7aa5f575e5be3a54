import type { rotation } from '@claviger/api'
import { parts, progressInWords } from '../words/rotation.ts'
import styles from './progress.module.css'

/** How far a batch is, as a bar and in words. */
export function Progress({ batch }: { batch: rotation.Batch }) {
  return (
    <div className={styles.progress}>
      <div className={styles.bar} aria-hidden="true">
        {parts(batch).map(({ what, share }) => share > 0 && <span key={what} data-what={what} style={{ width: `${share}%` }} />)}
      </div>
      <span className={styles.words}>{progressInWords(batch)}</span>
    </div>
  )
}
