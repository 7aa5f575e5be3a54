import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePrivate } from '../kit/files.ts'
import { runClient } from '../kit/run-client.ts'
import { type Connection, passwordLine } from './connection.ts'

/** What of the person's own environment a session may keep; the rest of it says where to connect, and that we know better. */
const kept = new Set(['PGCLIENTENCODING', 'PGDATESTYLE', 'PGTZ', 'PGCONNECT_TIMEOUT'])

/** The environment in which psql finds everything. The ticket is in a file of ours that only its owner can read. */
export function psqlEnvironment(env: NodeJS.ProcessEnv, connection: Connection, passwordFile: string): NodeJS.ProcessEnv {
  const others = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG') || kept.has(name)))
  return {
    ...others,
    PGHOST: connection.host,
    PGPORT: String(connection.port),
    PGUSER: connection.user,
    PGDATABASE: connection.database,
    PGSSLMODE: connection.sslmode,
    PGSSLROOTCERT: connection.sslrootcert,
    PGGSSENCMODE: 'disable',
    PGPASSFILE: passwordFile,
  }
}

/** Runs the person's psql on this very terminal and answers its exit status; 128 + signal when it was killed, as shells say it. */
export async function runPsql(connection: Connection, ticket: string, args: readonly string[], env = process.env): Promise<number> {
  const folder = mkdtempSync(join(env.XDG_RUNTIME_DIR ?? tmpdir(), 'claviger-psql-'))
  const passwordFile = join(folder, 'pgpass')
  const leave = () => rmSync(folder, { recursive: true, force: true })
  try {
    writePrivate(passwordFile, passwordLine(connection, ticket))
    return await runClient('psql', args, psqlEnvironment(env, connection, passwordFile), 'apt-get install postgresql-client')
  } finally {
    leave()
  }
}
