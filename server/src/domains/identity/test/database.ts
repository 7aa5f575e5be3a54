import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../../kernel/secret.ts'
import { randomToken } from '../../../platform/crypto/random.ts'
import { migrate } from '../../../platform/db/migrate.ts'
import type { DbConnection } from '../../../platform/db/open-db.ts'
import { type DbRole, databaseName, provisionDatabase, roleNames } from '../../../platform/db/provision.ts'
import { startPostgres } from '../../../platform/postgres-server/index.ts'
import { removeLater } from '../../../platform/process/remove-later.fixture.ts'
import { newSalt, scramVerifier } from '../../../protocols/scram/index.ts'

type Passwords = Record<DbRole | 'superuser', string>

/** A folder with a database that was made and stopped, for others to begin with a copy of: see make-template.ts. */
const template = () => process.env.CLAVIGER_TEST_DATABASE
const passwordsIn = (folder: string) => join(folder, 'passwords.json')

/** A PostgreSQL of its own in a folder of its own, with our roles and tables. */
export async function openDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-identity-'))
  chmodSync(folder, 0o711) // the database runs as another user
  const from = template()
  const passwords = from === undefined ? newPasswords(folder) : copyOf(from, folder)
  const started = await startPostgres({
    folder: join(folder, 'postgres'),
    listen: { socketDir: join(folder, 'socket') },
    ...(process.getuid?.() === 0 && { uid: 64814, gid: 64810 }),
    superuserPassword: Secret.fromText(passwords.superuser),
    binaries: join(from ?? folder, 'bin'),
    // nobody cuts the power of a test: it need not wait for the disk
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    log: () => undefined,
  })
  if (!started.ok) throw new Error(`no database: ${started.error.code}`)
  const running = started.value
  const connection = (role: DbRole): DbConnection => ({
    ...running.connection,
    database: databaseName,
    user: roleNames[role],
    password: passwords[role],
  })
  if (from === undefined) {
    await provisionDatabase({ ...running.connection, password: passwords.superuser }, await verifiersOf(passwords))
    await migrate(connection('owner'), join(import.meta.dirname, '../../../migrations'))
  }
  return {
    folder,
    connection,
    /** Ends it and leaves the folder. */
    stop: running.stop,
    async close() {
      await running.stop()
      removeLater(folder)
    },
  }
}

function newPasswords(folder: string): Passwords {
  const made = Object.fromEntries(['superuser', ...Object.keys(roleNames)].map((role) => [role, randomToken(24)])) as Passwords
  writeFileSync(passwordsIn(folder), JSON.stringify(made), { mode: 0o600 })
  return made
}

/** With owners and modes. */
function copyOf(from: string, folder: string): Passwords {
  execFileSync('cp', ['-a', '--reflink=auto', join(from, 'postgres'), folder])
  return JSON.parse(readFileSync(passwordsIn(from), 'utf8'))
}

async function verifiersOf(passwords: Passwords): Promise<Record<DbRole, string>> {
  const verifiers = {} as Record<DbRole, string>
  for (const role of Object.keys(roleNames) as DbRole[]) {
    const made = await scramVerifier(Buffer.from(passwords[role]), newSalt())
    if (!made.ok) throw new Error('a generated password was refused')
    verifiers[role] = made.value
  }
  return verifiers
}
