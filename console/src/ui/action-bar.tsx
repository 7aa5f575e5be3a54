import type { ReactNode } from 'react'
import styles from './action-bar.module.css'

/** What can be done here, always in reach: at the bottom of the pane, above the thumb. `why` says why not, or what it means. */
export const ActionBar = ({ why, whyId, children }: { why?: ReactNode; whyId?: string; children: ReactNode }) => (
  <div className={styles.bar}>
    {why && (
      <p className={styles.why} id={whyId}>
        {why}
      </p>
    )}
    <div className={styles.actions}>{children}</div>
  </div>
)
