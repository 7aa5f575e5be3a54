import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectLdap, type LdapConnection, type Patience } from '../../platform/ldap/index.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure, loginFailure } from './failures.ts'
import { loginDn } from './find-entry.ts'
import type { OpenldapSettings } from './settings.ts'

/** For one act: less than the fifteen seconds that a login may take. */
export const briefly: Patience = { patience: 10_000, lifetime: 14_000 }

export interface LoggedIn {
  connection: LdapConnection
  /** Who we are there. */
  dn: string
}

/** Connects, lets the server prove the pinned identity, and binds. The caller closes the connection. */
export async function logIn(
  settings: OpenldapSettings,
  identity: PinnedIdentity,
  { account, credential }: Login,
  dial: Dial,
  patience: Patience = briefly,
): Promise<Result<LoggedIn, TargetFailure>> {
  if (credential.kind !== 'password') return fail({ code: 'target.credential_refused', detail: 'a directory has passwords' })
  const connected = await connectLdap(dial, settings, identity, patience)
  if (!connected.ok) return fail(asTargetFailure(connected.error))
  const connection = connected.value
  const dn = await loginDn(connection, settings, account)
  if (!dn.ok) {
    await connection.close()
    return dn
  }
  const bound = await connection.bind(dn.value, credential.secret)
  if (bound.ok) return ok({ connection, dn: dn.value })
  await connection.close()
  return fail(loginFailure(bound.error, account))
}

/** Logs in, does `work`, and logs out whatever it came to. */
export async function whileIn<T>(
  login: Promise<Result<LoggedIn, TargetFailure>>,
  work: (there: LoggedIn) => Promise<Result<T, TargetFailure>>,
): Promise<Result<T, TargetFailure>> {
  const there = await login
  if (!there.ok) return there
  try {
    return await work(there.value)
  } finally {
    await there.value.connection.close()
  }
}
