import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { asOwner } from '../../platform/db/as-owner.ts'
import { checkDatabase } from '../../platform/db/check-database.ts'
import type { ExternalDatabase } from '../../platform/db/external-settings.ts'
import { isInUse } from '../../platform/db/is-in-use.ts'
import { migrate } from '../../platform/db/migrate.ts'
import type { DbConnection } from '../../platform/db/open-db.ts'
import { prepareRoles } from '../../platform/db/prepare-roles.ts'
import { roleNames } from '../../platform/db/provision.ts'
import { type ProcessRole, processRoles, rolePassword } from '../../platform/db/role-passwords.ts'
import { folderFor } from '../../platform/process/identity.ts'
import { startEmbedded, verifier } from '../database.ts'
import type { BackupHead } from './manifest.ts'

/** A database that is there and holds nothing of anybody's. */
export interface EmptyDatabase {
  owner: DbConnection
  stop(): Promise<void>
}

/** The embedded one in a data folder that has none yet, or the one that somebody else runs, where it is empty. */
export async function openEmptyDatabase(where: {
  data: string
  external: ExternalDatabase | undefined
  migrations: string
  log: (line: string) => void
}): Promise<Result<EmptyDatabase, string>> {
  const { data, external, migrations, log } = where
  if (!external) {
    folderFor(join(data, 'run'), 'root', 0o711)
    const started = await startEmbedded({ data, binaries: join(data, 'bin'), log })
    return started.ok ? ok({ owner: started.value.connection('owner'), stop: started.value.stop }) : started
  }
  const { owner, secret } = external
  return await asOwner<EmptyDatabase>(owner, async (client) => {
    const fits = await checkDatabase(client, readdirSync(migrations))
    if (!fits.ok) return fits
    if (await isInUse(client))
      return fail(
        'The database of DATABASE_URL is not empty: a Claviger was there. Nothing was touched. Restore into an empty one, or drop and make it anew.',
      )
    const verifiers = {} as Record<ProcessRole, string>
    for (const role of processRoles) verifiers[role] = await verifier(rolePassword(secret, role))
    const connection = (role: ProcessRole): DbConnection => ({ ...owner, user: roleNames[role], password: rolePassword(secret, role) })
    const roles = await prepareRoles(client, { connection, verifiers }, log)
    return roles.ok ? ok({ owner, stop: async () => undefined }) : roles
  })
}

/** Makes the tables as they were when the backup was taken: this release knows each of its migrations, and knows it as it was. */
export async function makeTablesOf(head: BackupHead, owner: DbConnection, folder: string): Promise<Result<void, string>> {
  for (const { name, sha256: digest } of head.migrations) {
    const file = join(folder, name)
    if (!existsSync(file))
      return fail(`The backup was made by a newer Claviger (${head.version}; it has ${name}). Restore with that release or a later one.`)
    if (sha256(readFileSync(file, 'utf8')).toString('hex') !== digest)
      return fail(
        `The migration ${name} of this release is not the one that ran on the backup's database. Restore with the release ${head.version}.`,
      )
  }
  try {
    await migrate(owner, folder, new Set(head.migrations.map((m) => m.name)))
    return ok(undefined)
  } catch (error) {
    return fail(`The tables could not be made: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A folder that is not there yet, or that nothing is in. */
export function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).every((name) => name === 'lost+found')
  } catch {
    mkdirSync(folder, { recursive: true })
    return true
  }
}
