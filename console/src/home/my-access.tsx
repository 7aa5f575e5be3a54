import type { access } from '@claviger/api'
import { IconHandStop } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMine } from '../data/access.ts'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { useNow, When } from '../ui/when.tsx'
import { outcome } from '../words/access.ts'
import { inWords } from '../words/duration.ts'
import styles from './my-access.module.css'
import list from './panel.module.css'
import { Calm, Panel } from './panel.tsx'

/** What the viewer may use now, how, and for how long; and what they still wait for. */
export function MyAccess() {
  const viewer = useViewer()
  const grants = useActiveGrants()
  const mine = useMine()
  const now = useNow()
  const running = grants.data?.filter((g) => g.person.id === viewer.id)
  const waiting = mine.data?.filter((r) => r.state === 'waiting')
  const asked = {
    data: running && waiting ? { running, waiting } : undefined,
    error: grants.error ?? mine.error,
    refetch: () => Promise.all([grants.refetch(), mine.refetch()]),
  }
  return (
    <Panel title="Your access" count={running?.length} more={<Link {...links.newRequest()}>Ask for access</Link>} asked={asked}>
      {(found) =>
        found.running.length + found.waiting.length === 0 ? (
          <Calm icon={<IconHandStop size={18} stroke={1.6} />}>You hold nothing now, and wait for nothing.</Calm>
        ) : (
          <ul className={list.list}>
            {found.running.map((g) => (
              <Running key={g.id} grant={g} now={now} />
            ))}
            {found.waiting.map((r) => (
              <li key={r.id} className={list.row}>
                <div className={list.main}>
                  <Link {...links.request(r.id)} data-row>
                    <code>
                      {r.account.name}@{r.target.name}
                    </code>
                  </Link>
                  <span className={list.sub}>
                    {outcome(r, now)} Asked <When at={r.createdAt} />.
                  </span>
                </div>
                <StateChip word="Waiting" tone="wait" />
              </li>
            ))}
          </ul>
        )
      }
    </Panel>
  )
}

function Running({ grant: g, now }: { grant: access.Grant; now: number }) {
  const [from, to] = [Date.parse(g.startsAt), Date.parse(g.endsAt)]
  const left = Math.max(0, to - now)
  const part = Math.min(100, (left / Math.max(1, to - from)) * 100)
  return (
    <li className={list.row}>
      <div className={list.main}>
        <Link {...links.request(g.request)} data-row>
          <code>
            {g.account}@{g.target}
          </code>
        </Link>
        <span className={list.sub}>{inWords(left < 120_000 ? left / 1000 : Math.floor(left / 60_000) * 60)} left</span>
        <span className={styles.time} aria-hidden="true">
          <span className={styles.left} data-soon={part < 15 || undefined} style={{ width: `${part}%` }} />
        </span>
      </div>
      <span className={list.act}>
        <Copyable value={`./claviger connect ${g.account}@${g.target}`} what="command" />
      </span>
    </li>
  )
}
