import type { access } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { When } from '../ui/when.tsx'
import styles from './request-facts.module.css'

/** The last three times that this person asked for this account, and what came of it. */
export function EarlierRequests({ request: r }: { request: access.AccessRequest }) {
  const viewer = useViewer()
  const to = viewer.id === r.requester.id ? links.request : links.approval
  if (r.history.length === 0) return <span className="quiet">the first time for this account</span>
  return (
    <ul className={styles.list}>
      {r.history.map((h) => (
        <li key={h.id}>
          {h.state}{' '}
          <Link {...to(h.id)}>
            <When at={h.createdAt} />
          </Link>
        </li>
      ))}
    </ul>
  )
}
