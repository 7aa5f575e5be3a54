import { readdirSync } from 'node:fs'
import pg from 'pg'
import { rotationQueue } from '../domains/rotation/index.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { checkDatabase } from '../platform/db/check-database.ts'
import { explainConnect } from '../platform/db/explain-connect.ts'
import type { ExternalDatabase } from '../platform/db/external-settings.ts'
import { migrate } from '../platform/db/migrate.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import { prepareRoles } from '../platform/db/prepare-roles.ts'
import { type DbRole, roleNames } from '../platform/db/provision.ts'
import { type ProcessRole, processRoles, rolePassword } from '../platform/db/role-passwords.ts'
import { prepareJobs } from '../platform/jobs/prepare-jobs.ts'
import { type Database, verifier } from './database.ts'

// beside the migrations' own lock: this one covers roles and queues too
const startLock = 7_202_611_22

/** Uses a PostgreSQL that somebody else runs: looks whether it will do, makes roles and tables once however many nodes start, and lets go of the owner's rights. */
export async function openExternalDatabase(
  { owner, secret }: ExternalDatabase,
  options: { migrations: string; log: (line: string) => void },
): Promise<Result<Database, string>> {
  const connection = (role: DbRole): DbConnection =>
    role === 'owner' ? owner : { ...owner, user: roleNames[role], password: rolePassword(secret, role) }
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
    const fits = await checkDatabase(client, readdirSync(options.migrations))
    if (!fits.ok) return fits
    const verifiers = {} as Record<ProcessRole, string>
    for (const role of processRoles) verifiers[role] = await verifier(rolePassword(secret, role))
    const roles = await prepareRoles(client, { connection, verifiers }, options.log)
    if (!roles.ok) return roles
    const migrated = await migrate(owner, options.migrations)
    await prepareJobs(owner, roleNames.server, [rotationQueue])
    return ok({ running: { pid: () => undefined, stop: async () => undefined }, connection, migrated })
  } catch (error) {
    return fail(`The database could not be prepared: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}
