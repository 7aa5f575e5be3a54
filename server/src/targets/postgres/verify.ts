import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { statementFailure } from './failures.ts'
import { logIn } from './login.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 5_000 // behind at most ten seconds of connecting

/** Logs in afresh, asks for 1, logs out. `target.login_refused` when the server says no. */
export async function verify(
  settings: PostgresSettings,
  identity: PinnedIdentity,
  login: Login,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  const client = await logIn(settings, identity, login, dial, patience)
  if (!client.ok) return client
  try {
    await client.value.query('select 1')
    return ok(undefined)
  } catch (error) {
    return fail(statementFailure(error))
  } finally {
    await client.value.close()
  }
}
