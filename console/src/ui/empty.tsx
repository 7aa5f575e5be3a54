import type { ReactNode } from 'react'
import styles from './notice.module.css'

interface Props {
  icon: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** Nothing is here, which is often good news: says so, and what would make something appear. */
export const Empty = ({ icon, title, children, action }: Props) => (
  <section className={styles.notice}>
    <span className={styles.icon} aria-hidden="true">
      {icon}
    </span>
    <h2 className={styles.title}>{title}</h2>
    {children && <p className={styles.text}>{children}</p>}
    {action}
  </section>
)
