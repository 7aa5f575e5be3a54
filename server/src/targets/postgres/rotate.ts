import { fail, ok, type Result } from '../../kernel/result.ts'
import { newSalt, scramVerifier } from '../../protocols/scram/index.ts'
import type { Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { quoteIdentifier, quoteLiteral } from './client.ts'
import { sqlStateOf, statementFailure } from './failures.ts'
import { logIn } from './login.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 15_000

/**
 * Sets a role's password by its SCRAM verifier, made here: neither the server nor its logs ever see the password.
 * Twice with the same `next` gives another salt and the same password. Existing sessions of the role go on.
 */
export async function rotate(
  settings: PostgresSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  const verifier = await verifierOf(next)
  if (!verifier.ok) return verifier
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) return client
  try {
    await client.value.query(`alter role ${quoteIdentifier(account)} with password ${quoteLiteral(verifier.value)}`)
    return ok(undefined)
  } catch (error) {
    return fail(rotationFailure(error, as.account, account))
  } finally {
    await client.value.close()
  }
}

/** What the server stores in place of a password. */
export async function verifierOf(next: Credential): Promise<Result<string, TargetFailure>> {
  if (next.kind !== 'password') return fail({ code: 'target.credential_refused', detail: 'PostgreSQL accounts have passwords' })
  const verifier = await next.secret.lend('set-on-target', (bytes) => scramVerifier(bytes, newSalt()))
  return verifier.ok ? verifier : fail({ code: 'target.credential_refused', detail: 'the password must be printable ASCII' })
}

export function rotationFailure(error: unknown, as: string, account: string): TargetFailure {
  switch (sqlStateOf(error)) {
    case '42704': // undefined_object
      return { code: 'target.account_gone', account }
    case '42501': // insufficient_privilege
      return {
        code: 'target.not_permitted',
        detail: `${as} may not change ${account}: it needs CREATEROLE and ADMIN on that role, or superuser`,
      }
    case '22023': // invalid_parameter_value, from a password checking extension
      return { code: 'target.password_refused', detail: 'the password check of the server did not like it' }
  }
  return statementFailure(error)
}
