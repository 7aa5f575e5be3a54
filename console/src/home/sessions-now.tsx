import { Button } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { countOf } from '../data/pages.ts'
import { useSessions } from '../data/session.ts'
import { links } from '../paths.ts'
import { EndSession } from '../sessions/end-session.tsx'
import { useNow } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { lengthOf } from '../words/session.ts'
import styles from './panel.module.css'
import { Calm, Panel } from './panel.tsx'

const few = 8

/** Who is in now. A security officer can cut a session from here. */
export function SessionsNow() {
  const viewer = useViewer()
  const sessions = useSessions({ state: 'running' })
  const now = useNow()
  return (
    <Panel
      title="Sessions now"
      count={sessions.data && countOf(sessions)}
      more={<Link {...links.sessions()}>All sessions</Link>}
      asked={sessions}
    >
      {(all) =>
        all.length === 0 ? (
          <Calm icon={<IconTerminal2 size={18} stroke={1.6} />}>
            {viewer.seesRecordings || viewer.endsSessions ? 'Nobody is in.' : 'You have no session open.'}
          </Calm>
        ) : (
          <ul className={styles.list}>
            {all.slice(0, few).map((s) => (
              <li key={s.id} className={styles.row}>
                <div className={styles.main}>
                  <Link {...links.session(s.id)} data-row>
                    {s.person.displayName} on{' '}
                    <code>
                      {s.account}@{s.target}
                    </code>
                  </Link>
                  <span className={styles.sub}>
                    for {inWords(lengthOf(s, now))}, from {s.from}
                  </span>
                </div>
                {viewer.endsSessions && (
                  <span className={styles.act}>
                    <EndSession session={s}>
                      {(open) => (
                        <Button variant="default" size="compact-sm" onClick={open}>
                          End…
                        </Button>
                      )}
                    </EndSession>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Panel>
  )
}
