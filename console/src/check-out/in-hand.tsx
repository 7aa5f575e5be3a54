import type { access } from '@claviger/api'
import { Connect } from '../requests/connect.tsx'
import { Credential } from './credential.tsx'
import styles from './in-hand.module.css'
import { TimeLeft } from './time-left.tsx'

interface Props {
  grant: access.Grant
  /** Of the target: `linux-ssh`, `postgres`. */
  kind: string
  /** In line with what stands around it. */
  flush?: boolean
}

/** A grant of the viewer that runs: for how long yet, and what it opens. */
export const InHand = ({ grant, kind, flush }: Props) => (
  <div className={styles.held} data-flush={flush || undefined}>
    <TimeLeft grant={grant} />
    {/* the key: what was shown under one grant is gone before another one is looked at */}
    {grant.action === 'reveal' ? <Credential key={grant.id} grant={grant} /> : <Connect kind={kind} grant={grant} />}
  </div>
)
