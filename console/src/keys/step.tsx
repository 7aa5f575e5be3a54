import { IconCircle, IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './keys.module.css'

/** One step of a ceremony, and whether it is done. */
export const Step = ({ title, done, children }: { title: string; done: boolean; children: ReactNode }) => (
  <li className={styles.step} data-done={done || undefined}>
    {done ? <IconCircleCheck size={20} stroke={1.7} aria-hidden="true" /> : <IconCircle size={20} stroke={1.7} aria-hidden="true" />}
    <div className={styles.stepBody}>
      <h3>
        {title}
        {done && <span className={styles.unseen}>: done</span>}
      </h3>
      {!done && children}
    </div>
  </li>
)
