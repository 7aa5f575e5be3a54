import { Skeleton } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { SmallFailure, Stale } from '../ui/failure.tsx'
import styles from './panel.module.css'

interface Asked<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

interface Props<T> {
  title: string
  /** How many, beside the title. */
  count?: number | string | undefined
  /** Where there is more of it. */
  more?: ReactNode
  wide?: boolean
  asked: Asked<T>
  children: (data: T) => ReactNode
}

/** One thing that the start page tells: each asks for itself, so that what fails takes nothing else with it. */
export function Panel<T>({ title, count, more, wide, asked, children }: Props<T>) {
  const id = useId()
  return (
    <section className={styles.panel} data-wide={wide || undefined} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id}>
          {title} {count !== undefined && `${count}` !== '0' && <span className={styles.count}>{count}</span>}
        </h2>
        {more}
      </header>
      {asked.data === undefined && asked.error === null && (
        <div className={styles.loading}>
          <Skeleton height={18} width="70%" />
          <Skeleton height={18} />
          <Skeleton height={18} width="55%" />
        </div>
      )}
      {asked.data === undefined && asked.error !== null && <SmallFailure error={asked.error} retry={() => asked.refetch()} />}
      {asked.data !== undefined && (
        <>
          {asked.error !== null && <Stale error={asked.error} />}
          {children(asked.data)}
        </>
      )}
    </section>
  )
}

/** Nothing is here, said in one line: a start page is calm when there is nothing to do. */
export const Calm = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <p className={styles.calm}>
    <span aria-hidden="true">{icon}</span>
    <span>{children}</span>
  </p>
)
