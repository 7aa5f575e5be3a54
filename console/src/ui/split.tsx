import { IconChevronLeft } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode, Ref } from 'react'
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
  // the heading of what is open is the page's; the list's is only then the first
  const Heading = open ? 'h2' : 'h1'
  return (
    <div className={styles.split} data-open={open || undefined}>
      <div className={styles.list}>
        <div className={styles.head}>
          <Heading className={styles.title} tabIndex={open ? undefined : -1}>
            {title}
          </Heading>
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
