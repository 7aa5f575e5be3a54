import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rotationQueue } from '../domains/rotation/index.ts'
import { explain } from '../kernel/errors.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { Secret } from '../kernel/secret.ts'
import { randomToken } from '../platform/crypto/random.ts'
import { migrate } from '../platform/db/migrate.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import { type DbRole, databaseName, provisionDatabase, roleNames } from '../platform/db/provision.ts'
import { prepareJobs } from '../platform/jobs/prepare-jobs.ts'
import { postgresServerErrorFaces, type RunningPostgres, startPostgres } from '../platform/postgres-server/index.ts'
import { group, isRoot, users } from '../platform/process/identity.ts'
import { newSalt, scramVerifier } from '../protocols/scram/index.ts'
import { type KeptDatabase, keepDatabase } from './keep-database.ts'

export interface Database {
  running: KeptDatabase
  connection(role: DbRole): DbConnection
  /** Who may make a database beside this one, if anybody may. */
  admin: DbConnection
  migrated: readonly string[]
}

/** Starts the embedded database, makes roles with fresh passwords for this start, and migrates. */
export async function startDatabase(options: {
  data: string
  migrations: string
  binaries: string
  log: (line: string) => void
}): Promise<Result<Database, string>> {
  const started = await startEmbedded(options)
  if (!started.ok) return started
  const { running, again, connection, admin, stop } = started.value
  try {
    const migrated = await migrate(connection('owner'), options.migrations)
    await prepareJobs(connection('owner'), roleNames.server, [rotationQueue])
    return ok({ running: keepDatabase(running, again, options.log), connection, admin, migrated })
  } catch (error) {
    await stop()
    return fail(`The database could not be prepared: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export interface Embedded {
  running: RunningPostgres
  again: () => Promise<Result<RunningPostgres, string>>
  connection(role: DbRole): DbConnection
  admin: DbConnection
  stop(): Promise<void>
}

/** The embedded database with its roles, and with what tables it has. */
export async function startEmbedded(options: {
  data: string
  binaries: string
  log: (line: string) => void
}): Promise<Result<Embedded, string>> {
  const superuserPassword = superuserSecret(options.data)
  const start = async (): Promise<Result<RunningPostgres, string>> => {
    const started = await startPostgres({
      folder: join(options.data, 'postgres'),
      listen: { socketDir: join(options.data, 'run', 'postgres') },
      ...(isRoot() && { uid: users.database, gid: group }),
      superuserPassword: Secret.fromText(superuserPassword),
      binaries: options.binaries,
      log: options.log,
      settings: { max_connections: '60' },
    })
    return started.ok ? started : fail(explain(postgresServerErrorFaces, started.error).body.message)
  }
  const started = await start()
  if (!started.ok) return started
  const running = started.value
  const passwords = Object.fromEntries(Object.keys(roleNames).map((role) => [role, randomToken(24)])) as Record<DbRole, string>
  const connection = (role: DbRole): DbConnection => ({
    ...running.connection,
    database: databaseName,
    user: roleNames[role],
    password: passwords[role],
  })
  try {
    const verifiers = {} as Record<DbRole, string>
    for (const role of Object.keys(roleNames) as DbRole[]) verifiers[role] = await verifier(passwords[role])
    const admin = { ...running.connection, password: superuserPassword }
    await provisionDatabase(admin, verifiers)
    return ok({ running, again: start, connection, admin, stop: () => running.stop() })
  } catch (error) {
    await running.stop()
    return fail(`The database could not be prepared: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export async function verifier(password: string): Promise<string> {
  const made = await scramVerifier(Buffer.from(password), newSalt())
  if (!made.ok) throw new Error('a generated password was refused')
  return made.value
}

/** The superuser's password stays with the supervisor: used to prepare roles, given to no part. */
function superuserSecret(data: string): string {
  const folder = join(data, 'secrets')
  const file = join(folder, 'database-superuser')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = randomToken(24)
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}
