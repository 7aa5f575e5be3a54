import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { type PostgresClient, quoteIdentifier, quoteLiteral } from './client.ts'
import { sqlStateOf } from './failures.ts'
import { logIn } from './login.ts'
import { rotationFailure, verifierOf } from './rotate.ts'
import type { PostgresSettings } from './settings.ts'

const patience = 15_000
/** SQLSTATE, PostgreSQL docs appendix A. */
const isThereAlready = '42710'
const isUnknown = '42704'
const othersDependOnIt = '2BP01'

type Done = Promise<Result<void, TargetFailure>>
type Work = (client: PostgresClient, account: string) => Promise<unknown>

/** Logs in, lets `work` work on the account, and logs out. */
async function onCluster(settings: PostgresSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial, work: Work): Done {
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) return client
  try {
    await work(client.value, account)
    return ok(undefined)
  } catch (error) {
    if (sqlStateOf(error) === othersDependOnIt)
      return fail({ code: 'target.not_permitted', detail: `${account} owns or was granted things there; reassign or drop them first` })
    return fail(rotationFailure(error, as.account, account))
  } finally {
    await client.value.close()
  }
}

const act =
  (work: Work) =>
  (settings: PostgresSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Done =>
    onCluster(settings, identity, as, account, dial, work)

/** Does what was meant to come to this already. */
const unless =
  (sqlState: string, otherwise: () => Promise<unknown>) =>
  (error: unknown): Promise<unknown> => {
    if (sqlStateOf(error) !== sqlState) throw error
    return otherwise()
  }

async function create(
  settings: PostgresSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Done {
  const verifier = await verifierOf(credential)
  if (!verifier.ok) return verifier
  const password = `password ${quoteLiteral(verifier.value)}`
  return onCluster(settings, identity, as, account, dial, (client) => {
    const role = quoteIdentifier(account)
    return client
      .query(`create role ${role} login ${password}`)
      .catch(unless(isThereAlready, () => client.query(`alter role ${role} ${password}`)))
  })
}

export const lifecycle: Lifecycle<PostgresSettings> = {
  disable: act((client, account) => client.query(`alter role ${quoteIdentifier(account)} nologin`)),
  enable: act((client, account) => client.query(`alter role ${quoteIdentifier(account)} login`)),
  create,
  remove: act((client, account) => client.query(`drop role ${quoteIdentifier(account)}`).catch(unless(isUnknown, async () => undefined))),
  closeSessions: act((client, account) =>
    client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and pid <> pg_backend_pid()', [account]),
  ),
}
