import { IconInbox } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { useInbox } from '../data/access.ts'
import { countOf } from '../data/pages.ts'
import { links } from '../paths.ts'
import { TierChip } from '../ui/chip.tsx'
import { When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import styles from './panel.module.css'
import { Calm, Panel } from './panel.tsx'

const few = 5

/** Requests, and how many acts in sessions, that wait for the viewer's decision. */
export const WaitsForMe = ({ inbox, held }: { inbox: ReturnType<typeof useInbox>; held: number }) => (
  <Panel
    title="Waits for you"
    count={inbox.data && countOf(inbox, held)}
    more={<Link {...links.approvals()}>All approvals</Link>}
    asked={inbox}
  >
    {(requests) =>
      requests.length === 0 && held === 0 ? (
        <Calm icon={<IconInbox size={18} stroke={1.6} />}>Nothing. A new request appears here by itself.</Calm>
      ) : (
        <ul className={styles.list}>
          {held > 0 && (
            <li className={styles.row}>
              <div className={styles.main}>
                <Link {...links.approvals()} data-row>
                  {held === 1 ? 'An act is held in a session' : `${held} acts are held in sessions`}
                </Link>
                <span className={styles.sub}>Until somebody else allows or refuses it, and not for long</span>
              </div>
            </li>
          )}
          {requests.slice(0, few).map((r) => (
            <li key={r.id} className={styles.row}>
              <div className={styles.main}>
                <Link {...links.approval(r.id)} data-row>
                  {r.requester.displayName} asks for{' '}
                  <code>
                    {r.account.name}@{r.target.name}
                  </code>
                </Link>
                <span className={styles.sub}>
                  {r.reason} · {inWords(r.seconds)} · <When at={r.createdAt} />
                </span>
              </div>
              <TierChip tier={r.account.tier} label={r.account.tierLabel} />
            </li>
          ))}
        </ul>
      )
    }
  </Panel>
)
