import type { access } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useSessionsOf } from '../data/session.ts'
import { links } from '../paths.ts'
import { When } from '../ui/when.tsx'
import { stateOf } from '../words/session.ts'
import styles from './request-history.module.css'

/** What has happened around a request: who decided, and what was opened with it. */
export function RequestHistory({ request: r }: { request: access.AccessRequest }) {
  const sessions = useSessionsOf(r.id, r.grant !== null)
  return (
    <>
      {r.approvals.length > 0 && (
        <section className={styles.section}>
          <h2>Decisions</h2>
          <ul className={styles.list}>
            {r.approvals.map((a) => (
              <li key={a.id}>
                <strong>{a.approver.displayName}</strong> {a.verdict} it, <When at={a.at} as="moment" />
                {a.factor && <span className="quiet">, with a fresh code</span>}
                {a.comment && <q className={styles.comment}>{a.comment}</q>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {sessions.data && sessions.data.length > 0 && (
        <section className={styles.section}>
          <h2>Sessions under it</h2>
          <ul className={styles.list}>
            {sessions.data.map((s) => (
              <li key={s.id}>
                <Link {...links.session(s.id)}>
                  {stateOf(s).word}, <When at={s.openedAt} as="moment" />
                </Link>{' '}
                <span className="quiet">from {s.from}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
