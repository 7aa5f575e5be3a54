import type { ReactNode } from 'react'
import styles from './list-page.module.css'
import { PageHeading } from './page-heading.tsx'

interface Props {
  title: string
  /** What can be done here, beside the title. */
  tools?: ReactNode
  filters?: ReactNode
  children: ReactNode
}

/** A page that is one long list: title, what narrows it, the list. */
export const ListPage = ({ title, tools, filters, children }: Props) => (
  <div className={styles.page}>
    <header className={styles.head}>
      <PageHeading>{title}</PageHeading>
      {tools}
    </header>
    {filters && (
      <search className={styles.filters} aria-label={`Narrow the ${title.toLowerCase()}`}>
        {filters}
      </search>
    )}
    {children}
  </div>
)
