import type { access } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useRequestsFor, useSessionsOn } from '../data/history.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { stateOf } from '../words/access.ts'
import { inWords } from '../words/duration.ts'
import styles from './who-had-access.module.css'

/** Requests for this account with what they became, and the sessions under them. Of other people only for who may see them. */
export function WhoHadAccess({ account }: { account: string }) {
  const viewer = useViewer()
  const requests = useRequestsFor(account)
  const sessions = useSessionsOn(account)
  const columns: Column<access.AccessRequest>[] = [
    { name: 'Person', cell: (r) => r.requester.displayName, narrow: 'top', tight: true },
    { name: 'Asked', cell: (r) => <When at={r.createdAt} as="moment" />, narrow: 'bottom', tight: true },
    { name: 'For', cell: (r) => inWords(r.seconds), narrow: 'bottom-end', tight: true },
    { name: 'Reason', cell: (r) => <span className={styles.reason}>{r.reason}</span>, narrow: 'middle' },
    {
      name: 'Sessions',
      cell: (r) => {
        const of = (sessions.data ?? []).filter((s) => s.request === r.id)
        if (of.length === 0) return <span className="quiet">none</span>
        return (
          <ul className={styles.sessions}>
            {of.map((s) => (
              <li key={s.id}>
                <Link {...links.session(s.id)}>
                  <When at={s.openedAt} as="moment" />
                </Link>
              </li>
            ))}
          </ul>
        )
      },
    },
    { name: 'State', cell: (r) => <StateChip {...stateOf(r)} />, narrow: 'top-end', tight: true },
  ]
  if (!requests.data && requests.error) return <Failure error={requests.error} retry={() => requests.refetch()} />
  if (requests.data?.length === 0)
    return <p className="quiet">{viewer.seesDecisions ? 'Nobody has asked for it yet.' : 'You have not asked for it yet.'}</p>
  return (
    <Rows
      label="Who had access"
      rows={requests.data}
      columns={columns}
      idOf={(r) => r.id}
      link={(r) => ({
        to: viewer.id === r.requester.id ? links.request(r.id) : links.approval(r.id),
        label: `Request of ${r.requester.displayName}`,
      })}
    />
  )
}
