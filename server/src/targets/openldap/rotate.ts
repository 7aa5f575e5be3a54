import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure, changeFailure, notPermitted } from './failures.ts'
import { findEntry, isRoot } from './find-entry.ts'
import { type LoggedIn, logIn, whileIn } from './login.ts'
import { longestPassword } from './password-rules.ts'
import type { OpenldapSettings } from './settings.ts'

/**
 * Sets a password by the extended operation of RFC 3062, for which the server makes the hash. Replacing `userPassword` would store it in
 * clear text. Logged in as the account itself the old password goes along, which some policies want. Twice with the same `next` sets it twice;
 * a policy with a history refuses the second, and the login with it then works.
 */
export async function rotate(
  settings: OpenldapSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  const unfit = await refusedForm(next)
  if (unfit) return fail(unfit)
  return await whileIn(logIn(settings, identity, as, dial), (there) => setPassword(there, settings, as, account, next))
}

export async function setPassword(
  { connection, dn }: LoggedIn,
  settings: OpenldapSettings,
  as: Login,
  account: string,
  next: Credential,
): Promise<Result<void, TargetFailure>> {
  if (isRoot(settings, account))
    return notPermitted('the password of the rootdn is in the configuration of slapd (olcRootPW), where only its administrator changes it')
  const own = as.account === account
  const entry = own ? undefined : await findEntry(connection, settings, account)
  if (entry && !entry.ok) return entry
  const whose = entry?.value.dn ?? dn
  const changed = await connection.changePassword(whose, next.secret, own ? as.credential.secret : undefined)
  if (!changed.ok) return fail(changeFailure(changed.error, account))
  if (own) return ok(undefined)
  // A policy with pwdMustChange lets the account do nothing but choose another password, which only we would know
  const again = await findEntry(connection, settings, account)
  if (!again.ok || again.value.first('pwdReset') !== 'TRUE') return ok(undefined)
  const unmarked = await connection.modify(whose, [{ operation: 'replace', attribute: 'pwdReset', values: [] }])
  if (unmarked.ok) return ok(undefined)
  const failure = asTargetFailure(unmarked.error)
  return failure.code === 'target.not_permitted'
    ? notPermitted(`the directory wants ${account} to choose another password (pwdReset), and the login may not take that back`)
    : fail(failure)
}

/** Why no directory would take it, whatever its policy. An empty password would be a login as nobody, which succeeds. */
export async function refusedForm(next: Credential): Promise<TargetFailure | undefined> {
  if (next.kind !== 'password') return { code: 'target.credential_refused', detail: 'a directory has passwords' }
  const fits = await next.secret.lend('set-on-target', (bytes) => bytes.length > 0 && bytes.length <= longestPassword && !bytes.includes(0))
  return fits ? undefined : { code: 'target.credential_refused', detail: `a password has 1 to ${longestPassword} bytes` }
}
