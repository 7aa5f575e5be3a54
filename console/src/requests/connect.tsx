import type { access } from '@claviger/api'
import styles from '../check-out/in-hand.module.css'
import { useGateways } from '../data/connect.ts'
import { links } from '../paths.ts'
import { Copyable } from '../ui/copyable.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { howToComeIn } from '../words/ssh-sign-in.ts'
import { ConnectDatabase } from './connect-database.tsx'
import { sshCommand } from './ssh-command.ts'

interface Props {
  grant: access.Grant
  /** Of the target: `linux-ssh`, `postgres`, `mysql`. */
  kind: string
}

/** What to type, now that it is approved. */
export const Connect = ({ grant, kind }: Props) => (
  <section className={styles.use} aria-label={`How to connect to ${grant.account}@${grant.target}`}>
    <h2>Connect</h2>
    <Copyable value={`./claviger connect ${grant.account}@${grant.target}`} what="command" />
    {kind === 'linux-ssh' && (
      <div>
        <LinkButton {...links.terminal(grant.id)} size="xs">
          Open terminal
        </LinkButton>
      </div>
    )}
    {(kind === 'postgres' || kind === 'mysql') && (
      <div>
        <LinkButton {...links.sql(grant.id)} size="xs">
          Open SQL
        </LinkButton>
      </div>
    )}
    <p className={styles.note}>The session is recorded. The credential is used for you; you never hold it.</p>
    {(kind === 'postgres' || kind === 'mysql') && <ConnectDatabase grant={grant} kind={kind} />}
    {kind === 'linux-ssh' && <ConnectShell grant={grant} />}
  </section>
)

/** With the ssh that is there, by what the gateway takes. */
function ConnectShell({ grant }: { grant: access.Grant }) {
  const gateways = useGateways()
  if (!gateways.data) return null
  return (
    <>
      <h3>With another client</h3>
      <Copyable
        value={sshCommand({ ...gateways.data.ssh, user: `${grant.person.name}@${grant.account}@${grant.target}` })}
        what="ssh command"
      />
      <p className={styles.note}>{howToComeIn(gateways.data.ssh.signIn)}</p>
    </>
  )
}
