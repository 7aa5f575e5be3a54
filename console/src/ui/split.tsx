import { IconChevronLeft } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode, Ref } from 'react'
import { PageHeading } from './page-heading.tsx'
import styles from './split.module.css'

interface Props {
  title: string
  /** What stands beside the title: a filter, a button. */
  tools?: ReactNode
  list: ReactNode
  listRef?: Ref<HTMLDivElement>
  /** True when one is open: where it is narrow, the list gives way to it. */
  open: boolean
  children: ReactNode
}

/** A list with the opened one beside it; where it is narrow, one of the two. */
export function Split({ title, tools, list, listRef, open, children }: Props) {
  return (
    <div className={styles.split} data-open={open || undefined}>
      <div className={styles.list}>
        <div className={styles.head}>
          {/* the heading of the page is that of what is open; the list's only when nothing is */}
          {open ? <h2 className={styles.title}>{title}</h2> : <PageHeading className={styles.title}>{title}</PageHeading>}
          {tools}
        </div>
        <div ref={listRef}>{list}</div>
      </div>
      <div className={styles.detail}>{children}</div>
    </div>
  )
}

/** Leads back to the list where it is narrow. */
export const Back = ({ to, children }: { to: LinkProps; children: ReactNode }) => (
  <Link {...to} className={styles.back}>
    <IconChevronLeft size={18} aria-hidden="true" />
    {children}
  </Link>
)
