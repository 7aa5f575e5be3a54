import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectLdap, type LdapConnection, type Patience } from '../../platform/ldap/index.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { accountGone, asTargetFailure, loginFailure } from './failures.ts'
import type { ActiveDirectorySettings } from './settings.ts'

/** For one act: less than the fifteen seconds that a login may take. */
export const briefly: Patience = { patience: 10_000, lifetime: 14_000 }

/** What people type and `account@target` can hold. Active Directory allows more (spaces): such an account has to be renamed first. */
export const nameIsPlain = /^[A-Za-z0-9._$-]{1,64}$/

/** Connects, lets the server prove the pinned identity, and binds. The caller closes the connection. */
export async function logIn(
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  { account, credential }: Login,
  dial: Dial,
  patience: Patience = briefly,
): Promise<Result<LdapConnection, TargetFailure>> {
  if (credential.kind !== 'password') return fail({ code: 'target.credential_refused', detail: 'an account of a domain has a password' })
  if (!nameIsPlain.test(account)) return accountGone(account)
  const connected = await connectLdap(dial, settings, identity, patience)
  if (!connected.ok) return fail(asTargetFailure(connected.error))
  const connection = connected.value
  // DOMAIN\name is the sAMAccountName and nothing else: what looks like an address may be another account's userPrincipalName
  const bound = await connection.bind(`${settings.domain}\\${account}`, credential.secret)
  if (bound.ok) return ok(connection)
  await connection.close()
  return fail(loginFailure(bound.error, account))
}

/** Logs in, does `work`, and logs out whatever it came to. */
export async function whileIn<T>(
  login: Promise<Result<LdapConnection, TargetFailure>>,
  work: (connection: LdapConnection) => Promise<Result<T, TargetFailure>>,
): Promise<Result<T, TargetFailure>> {
  const there = await login
  if (!there.ok) return there
  try {
    return await work(there.value)
  } finally {
    await there.value.close()
  }
}
