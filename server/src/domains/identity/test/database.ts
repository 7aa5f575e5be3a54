import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../../kernel/secret.ts'
import { randomToken } from '../../../platform/crypto/random.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import type { DbConnection } from '../../../platform/db/open-db.ts'
import { type DbRole, databaseName, provisionDatabase, roleNames } from '../../../platform/db/provision.ts'
import { startPostgres } from '../../../platform/postgres-server/index.ts'
import { newSalt, scramVerifier } from '../../../protocols/scram/index.ts'

/** A PostgreSQL of its own in a folder of its own, with our roles and tables. */
export async function openDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-identity-'))
  chmodSync(folder, 0o711) // the database runs as another user
  const passwords = Object.fromEntries(['superuser', ...Object.keys(roleNames)].map((role) => [role, randomToken(24)]))
  const passwordOf = (role: string) => passwords[role] as string
  const started = await startPostgres({
    folder: join(folder, 'postgres'),
    listen: { socketDir: join(folder, 'socket') },
    ...(process.getuid?.() === 0 && { uid: 64814, gid: 64810 }),
    superuserPassword: Secret.fromText(passwordOf('superuser')),
    binaries: join(folder, 'bin'),
    // nobody cuts the power of a test: it need not wait for the disk
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    log: () => undefined,
  })
  if (!started.ok) throw new Error(`no database: ${started.error.code}`)
  const running = started.value

  const verifiers = {} as Record<DbRole, string>
  for (const role of Object.keys(roleNames) as DbRole[]) {
    const made = await scramVerifier(Buffer.from(passwordOf(role)), newSalt())
    if (!made.ok) throw new Error('a generated password was refused')
    verifiers[role] = made.value
  }
  await provisionDatabase({ ...running.connection, password: passwordOf('superuser') }, verifiers)
  const connection = (role: DbRole): DbConnection => ({
    ...running.connection,
    database: databaseName,
    user: roleNames[role],
    password: passwordOf(role),
  })
  await migrate(connection('owner'), join(import.meta.dirname, '../../../migrations'))
  return {
    folder,
    connection,
    async close() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
