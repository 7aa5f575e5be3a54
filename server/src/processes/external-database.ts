import { readdirSync } from 'node:fs'
import { rotationQueue } from '../domains/rotation/index.ts'
import { ok, type Result } from '../kernel/result.ts'
import { asOwner } from '../platform/db/as-owner.ts'
import { checkDatabase } from '../platform/db/check-database.ts'
import type { ExternalDatabase } from '../platform/db/external-settings.ts'
import { migrate } from '../platform/db/migrate.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import { prepareRoles } from '../platform/db/prepare-roles.ts'
import { type DbRole, roleNames } from '../platform/db/provision.ts'
import { type ProcessRole, processRoles, rolePassword } from '../platform/db/role-passwords.ts'
import { prepareJobs } from '../platform/jobs/prepare-jobs.ts'
import { type Database, verifier } from './database.ts'

/** Uses a PostgreSQL that somebody else runs: looks whether it will do, makes roles and tables once however many nodes start, and lets go of the owner's rights. */
export async function openExternalDatabase(
  { owner, secret }: ExternalDatabase,
  options: { migrations: string; log: (line: string) => void },
): Promise<Result<Database, string>> {
  const connection = (role: DbRole): DbConnection =>
    role === 'owner' ? owner : { ...owner, user: roleNames[role], password: rolePassword(secret, role) }
  return await asOwner(owner, async (client) => {
    const fits = await checkDatabase(client, readdirSync(options.migrations))
    if (!fits.ok) return fits
    const verifiers = {} as Record<ProcessRole, string>
    for (const role of processRoles) verifiers[role] = await verifier(rolePassword(secret, role))
    const roles = await prepareRoles(client, { connection, verifiers }, options.log)
    if (!roles.ok) return roles
    const migrated = await migrate(owner, options.migrations)
    await prepareJobs(owner, roleNames.server, [rotationQueue])
    return ok({ running: { pid: () => undefined, stop: async () => undefined }, connection, admin: owner, migrated })
  })
}
