import type { access } from '@claviger/api'
import { Copyable } from '../ui/copyable.tsx'
import styles from './connect.module.css'
import { ConnectDatabase } from './connect-database.tsx'

/** What to type, now that it is approved. */
export const Connect = ({ request, grant }: { request: access.AccessRequest; grant: access.Grant }) => (
  <section className={styles.connect} aria-label="How to connect">
    <h2>Connect</h2>
    <Copyable value={`./claviger connect ${grant.account}@${grant.target}`} what="command" />
    <p className={styles.note}>The session is recorded. The credential is used for you; you never hold it.</p>
    {request.target.kind === 'postgres' && <ConnectDatabase request={request} grant={grant} />}
  </section>
)
