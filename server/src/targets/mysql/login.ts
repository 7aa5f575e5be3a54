import { fail, ok, type Result } from '../../kernel/result.ts'
import { connectMysql } from '../../platform/mysql-client/index.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { clientOver, type MysqlClient } from './client.ts'
import { asTargetFailure, statementFailure } from './failures.ts'
import type { MysqlSettings } from './settings.ts'

/** Regardless of what the server or the account has set for itself: quoting is as we quote. */
const ourSession = `set session sql_mode = ''`

/**
 * Connects, lets the server prove the pinned certificate, logs in. `patience`: milliseconds for all of that after the
 * connection stands, and then for each statement.
 */
export async function logIn(
  settings: MysqlSettings,
  identity: PinnedIdentity,
  { account, credential }: Login,
  dial: Dial,
  patience: number,
): Promise<Result<MysqlClient, TargetFailure>> {
  if (credential.kind !== 'password') return fail({ code: 'target.protocol', detail: 'MySQL accounts have passwords' })
  const { certificate } = identity
  if (!certificate) return fail({ code: 'target.impostor', expected: 'a pinned certificate', presented: 'none is pinned' })
  const { host, port, ca } = settings
  const connected = await connectMysql(dial, { host, port, ca, certificate }, { user: account, password: credential.secret }, patience)
  if (!connected.ok) return fail(asTargetFailure(connected.error, account))
  const client = clientOver(connected.value, patience)
  try {
    await client.query(ourSession)
    return ok(client)
  } catch (error) {
    await client.close()
    return fail(statementFailure(error, account))
  }
}

/** Logs in, lets `work` work, and logs out, whatever it came to. Its errors of statements become failures. */
export async function onServer<T>(
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
  patience: number,
  work: (client: MysqlClient) => Promise<Result<T, TargetFailure>>,
): Promise<Result<T, TargetFailure>> {
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) return client
  try {
    return await work(client.value)
  } catch (error) {
    return fail(statementFailure(error, as.account))
  } finally {
    await client.value.close()
  }
}
