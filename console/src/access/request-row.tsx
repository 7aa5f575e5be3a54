import type { access } from '@claviger/api'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { Pages } from '../data/pages.ts'
import { PlainChip, StateChip, TierChip } from '../ui/chip.tsx'
import { More } from '../ui/more.tsx'
import { When } from '../ui/when.tsx'
import { stateOf } from '../words/access.ts'
import { inWords } from '../words/duration.ts'
import styles from './request-row.module.css'

interface Props {
  request: access.AccessRequest
  to: LinkProps
  open: boolean
  /** In a list of one's own requests the name says nothing; in a list of waiting ones the state does not. */
  show: { who: boolean; state: boolean }
}

/** One request in a list: enough to see which is urgent, never enough to decide by. */
export const RequestRow = ({ request: r, to, open, show }: Props) => (
  <Link {...to} className={styles.row} data-row={r.id} aria-current={open || undefined}>
    <span className={styles.top}>
      {show.who && <span className={styles.who}>{r.requester.displayName}</span>}
      <code className={styles.account}>
        {r.account.name}@{r.target.name}
      </code>
      <span className={styles.when}>
        <When at={r.createdAt} />
      </span>
    </span>
    <span className={styles.reason}>{r.reason}</span>
    <span className={styles.chips}>
      {show.state && <StateChip {...stateOf(r)} />}
      <TierChip tier={r.account.tier} label={r.account.tierLabel} />
      <PlainChip>{r.target.environment}</PlainChip>
      <PlainChip>
        {inWords(r.seconds)}
        {r.extends !== null && ' more'}
      </PlainChip>
      {r.action === 'reveal' && <PlainChip>to see it</PlainChip>}
      {r.itsmTicket && <PlainChip>{r.itsmTicket}</PlainChip>}
    </span>
  </Link>
)

/** Below the rows, where more of them follow. */
export const MoreRows = ({ list }: { list: Pages<access.AccessRequest> }) =>
  list.more ? (
    <p className={styles.more}>
      <More list={list} />
    </p>
  ) : null
