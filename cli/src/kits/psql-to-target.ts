import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { kits } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import { writePrivate } from '../kit/files.ts'
import { passwordLine } from '../postgres/connection.ts'
import type { Client, Opened } from './opened.ts'

const run = promisify(execFile)

/** `psql` that finds its password in a file of `folder`. Where there are several, each is tried once until one is let in. */
export async function psqlToTarget(
  account: kits.KitAccount,
  credentials: readonly Opened[],
  args: readonly string[],
  folder: string,
): Promise<Client> {
  const { host = '', port = 5432, database = 'postgres', tls = 'verify', ca } = account.target.settings as Record<string, string | number>
  const file = join(folder, 'pgpass')
  const env: Record<string, string> = {
    PGHOST: String(host),
    PGPORT: String(port),
    PGUSER: account.name,
    PGDATABASE: String(database),
    PGPASSFILE: file,
    PGGSSENCMODE: 'disable',
    PGCONNECT_TIMEOUT: '10',
    PGSSLMODE: tls === 'verify' ? 'verify-full' : 'disable',
    // from libpq 16 on: a server that asks for the password in the clear hears nothing
    PGREQUIREAUTH: 'scram-sha-256',
  }
  if (tls === 'verify') {
    env.PGSSLROOTCERT = ca === undefined ? 'system' : join(folder, 'ca.pem')
    if (ca !== undefined) writePrivate(join(folder, 'ca.pem'), String(ca))
  }
  let said = 'the kit holds no password of it'
  for (const { secret } of credentials.filter((c) => c.credential === 'password')) {
    const at = { host: String(host), port: Number(port), user: account.name }
    writePrivate(file, passwordLine(at, secret.toString('utf8')))
    const tried = await run('psql', ['-X', '-w', '-qAt', '-c', ''], { env: { ...process.env, ...env } }).then(
      () => undefined,
      (error: { stderr?: string; code?: string }) =>
        error.code === 'ENOENT' ? 'psql is not installed (apt-get install postgresql-client)' : (error.stderr ?? 'it failed'),
    )
    if (tried === undefined) return { file: 'psql', args: ['-w', ...args], env }
    said = tried.trim().slice(0, 300)
    if (!/password authentication failed/.test(tried)) break
  }
  throw new CliError('unreachable', `${account.name}@${account.target.name} does not let us in: ${said}`)
}
