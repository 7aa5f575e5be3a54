import type { access } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { PlainChip, StateChip, TierChip } from '../ui/chip.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useNow } from '../ui/when.tsx'
import { outcome, stateOf } from '../words/access.ts'
import { inWords } from '../words/duration.ts'
import { moment } from '../words/time.ts'
import { RequestFacts } from './request-facts.tsx'
import { RequestHistory } from './request-history.tsx'
import styles from './request-view.module.css'

/** For who may see others' requests, the way to what else was asked under it. */
function Ticket({ of }: { of: string }) {
  const viewer = useViewer()
  return viewer.seesDecisions ? <Link {...links.approvals('decided', of)}>{of}</Link> : of
}

/** Everything that a decision needs, in the order in which it is weighed: who, what, why, how long, what policy says. */
export function RequestView({ request: r }: { request: access.AccessRequest }) {
  const now = useNow()
  const state = stateOf(r)
  const waiting = r.state === 'waiting'
  return (
    <article className={styles.view} aria-label={`Request by ${r.requester.displayName}`}>
      <header className={styles.head}>
        <p className={styles.chips}>
          <StateChip {...state} />
          <TierChip tier={r.account.tier} label={r.account.tierLabel} />
          <PlainChip>{r.target.environment}</PlainChip>
        </p>
        <PageHeading of={r.id}>
          {r.requester.displayName} asks for{' '}
          <code>
            {r.account.name}@{r.target.name}
          </code>
        </PageHeading>
        <p className={styles.howLong}>
          {r.action === 'reveal' ? 'to see the credential ' : ''}for <strong>{inWords(r.seconds)}</strong>
          {r.extends !== null && ' more'}
          {waiting && !r.extends && <span className="quiet">, until {moment(now + r.seconds * 1000, now)} if approved now</span>}
        </p>
      </header>
      <blockquote className={styles.reason}>
        <p>{r.reason}</p>
        <footer className={styles.ticket}>
          {r.itsmTicket ? (
            <>
              ITSM ticket <Ticket of={r.itsmTicket} />
            </>
          ) : (
            'No ITSM ticket given'
          )}
        </footer>
      </blockquote>
      <p className={styles.outcome} data-tone={state.tone}>
        {outcome(r, now)}
      </p>
      <RequestFacts request={r} />
      <RequestHistory request={r} />
    </article>
  )
}
