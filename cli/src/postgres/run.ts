import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { writePrivate } from '../kit/files.ts'
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
    return await run(args, psqlEnvironment(env, connection, passwordFile))
  } finally {
    leave()
  }
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn('psql', args, { stdio: 'inherit', env })
  // Ctrl-C belongs to the session: psql gets it too and cancels its statement. Who ends us ends psql, so that the file goes.
  const ignore = () => undefined
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', () => reject(new CliError('failed', 'psql is not installed.', 'apt-get install postgresql-client')))
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass)
  }
}
