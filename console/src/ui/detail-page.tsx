import { Skeleton, VisuallyHidden } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import styles from './detail-page.module.css'
import { PageHeading } from './page-heading.tsx'

/** A page about one thing, and the way back to its list. */
export const DetailPage = ({ back, list, children }: { back: LinkProps; list: string; children: ReactNode }) => (
  <div className={styles.page}>
    <Link {...back} className={styles.back}>
      <IconChevronLeft size={18} aria-hidden="true" />
      {list}
    </Link>
    {children}
  </div>
)

interface HeadProps {
  of: string
  title: ReactNode
  chips: ReactNode
  acts?: ReactNode
}

/** What it is, how it stands, and what can be done with it. */
export const DetailHead = ({ of, title, chips, acts }: HeadProps) => (
  <header className={styles.head}>
    <div>
      <PageHeading of={of}>{title}</PageHeading>
      <p className={styles.chips}>{chips}</p>
    </div>
    {acts && <div className={styles.acts}>{acts}</div>}
  </header>
)

export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.title}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export const DetailLoading = () => (
  <>
    <VisuallyHidden>Loading</VisuallyHidden>
    <Skeleton height={28} width="40%" />
    <Skeleton height={22} width={260} />
    {[0, 1, 2, 3, 4].map((row) => (
      <Skeleton key={row} height={36} />
    ))}
  </>
)
