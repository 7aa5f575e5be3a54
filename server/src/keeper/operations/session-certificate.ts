import { ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import { principalOf, signLoginCertificate } from '../vault/sign-login-certificate.ts'
import { sshSaid } from '../vault/ssh-acts.ts'
import { sshAuthority } from '../vault/ssh-authority.ts'

/** What may be asked for elsewhere is decided here from checked rows: the account, whose session it is, and until when. */
interface Ask {
  session: string
  grant: string
  account: FactContent
  now: Date
  until: Date
}

/** The entry must be under a signature before the certificate leaves. */
const signedWithinMs = 5_000

/**
 * The credential of one session with an account that is reached by certificate. Only `release` calls it, after it decided everything. The ledger says
 * what was certified before anybody has it.
 */
export async function sessionCertificate(
  context: KeeperContext,
  { session, grant, account, now, until }: Ask,
): Promise<Result<{ credential: 'ssh-certificate'; version: number; public: string; payload: Secret }, KeeperRefusal>> {
  const authority = await sshAuthority(context)
  if (!authority.ok) return authority
  const made = await signLoginCertificate(authority.value, {
    principal: principalOf(String(account.name), String(account.target_id)),
    keyId: `claviger ${session} ${grant}`,
    ...{ now, until, sources: context.sshSources },
  })
  const said = sshSaid('ssh.certificate_issued', {
    ...{ session, grant, account: String(account.id), principal: made.principal, serial: String(made.serial), key: made.fingerprint },
    ...{ authority: authority.value.version, sources: [...context.sshSources] },
    ...{ validFrom: made.validFrom.toISOString(), validUntil: made.validUntil.toISOString() },
  })
  const entry = await context.note(...said)
  if (!(await context.notary.whenSigned(entry, signedWithinMs))) {
    made.secret.wipe()
    return refuse('keeper.not_recorded', 'The ledger does not have the entry of this certificate yet, so it is not given. Try again.')
  }
  return ok({ credential: 'ssh-certificate', version: authority.value.version, public: made.line, payload: made.secret })
}
