import pg from 'pg'
import { fail, type Result } from '../../kernel/result.ts'
import { explainConnect } from './explain-connect.ts'
import type { DbConnection } from './open-db.ts'

// beside the migrations' own lock: this one covers roles and queues too
const startLock = 7_202_611_22

/** Prepares an external database with its owner's rights, one server at a time, and lets go of them. */
export async function asOwner<T>(
  owner: DbConnection,
  prepare: (client: pg.Client) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  const client = new pg.Client({ ...owner, connectionTimeoutMillis: 10_000, application_name: 'claviger start' })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    return fail(explainConnect(error, owner))
  }
  try {
    await client.query("set lock_timeout = '5min'")
    await client.query('select pg_advisory_lock($1)', [startLock])
    return await prepare(client)
  } catch (error) {
    return fail(`The database could not be prepared: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}
