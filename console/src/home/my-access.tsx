import type { access } from '@claviger/api'
import { IconHandStop } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMine } from '../data/access.ts'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { useNow, When } from '../ui/when.tsx'
import { outcome, stateOf } from '../words/access.ts'
import { MyGrant } from './my-grant.tsx'
import list from './panel.module.css'
import { Calm, Panel } from './panel.tsx'

const open = ['waiting', 'queued']

/** What the viewer may use now, how, and for how long; and what they still wait for. */
export function MyAccess() {
  const viewer = useViewer()
  const grants = useActiveGrants()
  const mine = useMine()
  const running = grants.data?.filter((g) => g.person.id === viewer.id)
  const waiting = mine.data?.filter((r) => open.includes(r.state))
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
              <MyGrant key={g.id} grant={g} />
            ))}
            {found.waiting.map((r) => (
              <Waiting key={r.id} request={r} />
            ))}
          </ul>
        )
      }
    </Panel>
  )
}

function Waiting({ request: r }: { request: access.AccessRequest }) {
  const now = useNow()
  return (
    <li className={list.row}>
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
      <StateChip {...stateOf(r)} />
    </li>
  )
}
