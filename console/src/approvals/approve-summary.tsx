import type { access } from '@claviger/api'
import { TierChip } from '../ui/chip.tsx'
import { useNow } from '../ui/when.tsx'
import { privilegesInWords } from '../words/access.ts'
import { inWords } from '../words/duration.ts'
import { moment } from '../words/time.ts'
import styles from './approve-summary.module.css'

/** What the code will say yes to, on one screen of a phone. */
export function ApproveSummary({ request: r }: { request: access.AccessRequest }) {
  const now = useNow()
  return (
    <div className={styles.summary}>
      <p className={styles.what}>
        <strong>{r.requester.displayName}</strong> may {r.action === 'reveal' ? 'see the credential of' : 'connect as'}{' '}
        <code>{r.account.name}</code> {r.action === 'reveal' ? 'on' : 'to'} <code>{r.target.name}</code>
      </p>
      <p className={styles.line}>
        for <strong>{inWords(r.seconds)}</strong>
        {r.extends ? ' more than now' : `, until ${moment(now + r.seconds * 1000, now)}`}
      </p>
      <p className={styles.line}>
        <TierChip tier={r.account.tier} label={r.account.tierLabel} /> {privilegesInWords(r.account.privileges).join('; ')}
      </p>
      <p className={styles.line}>
        at <code>{r.target.address}</code>, {r.target.environment}
      </p>
      <p className={styles.reason}>{r.reason}</p>
      <p className={styles.line}>{r.itsmTicket ? `under ITSM ticket ${r.itsmTicket}` : 'without an ITSM ticket'}</p>
      <p className={styles.digest}>
        Fingerprint <code>{r.digest.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ')} …</code>
      </p>
    </div>
  )
}
