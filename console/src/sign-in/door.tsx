import type { ReactNode } from 'react'
import { Mark } from '../ui/mark.tsx'
import styles from './door.module.css'

interface Props {
  title: string
  children: ReactNode
  /** Where there is more to read than to type. */
  wide?: boolean
  /** What stands under the card: who to ask, what else to do. */
  foot?: ReactNode
}

/** The frame of every page that a person sees before they are signed in. */
export const Door = ({ title, children, wide, foot }: Props) => (
  <main className={styles.door}>
    <p className={styles.brand}>
      <Mark size={34} />
      <span className={styles.name}>Claviger</span>
    </p>
    <div className={styles.card} data-wide={wide || undefined}>
      <h1 className={styles.title}>{title}</h1>
      {children}
    </div>
    {foot && <p className={styles.foot}>{foot}</p>}
  </main>
)
