import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { removeLater } from '../process/remove-later.fixture.ts'
import { freePort } from './free-port.fixture.ts'

const binaries = '/usr/lib/postgresql/15/bin'
const password = 'superuser of a test'

/** A cluster of Debian's own PostgreSQL 15, as an operator runs one: on TCP, with passwords, in a folder of its own. */
export interface DebianCluster {
  folder: string
  port: number
  /** SQL as its superuser, in `database`. */
  sql(text: string, database?: string): Promise<Record<string, unknown>[]>
  url(role: string, password: string, database: string): string
  superuserUrl: string
  start(): Promise<void>
  /** As `pg_ctl stop`: clients are cut off. */
  stop(how?: 'SIGINT' | 'SIGQUIT'): Promise<void>
  close(): Promise<void>
}

export async function startDebianCluster(settings: Readonly<Record<string, string>> = {}): Promise<DebianCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-pg15-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const secret = join(folder, 'password')
  writeFileSync(secret, `${password}\n`)
  const as = debiansUser()
  if (as) for (const path of [folder, secret]) chownSync(path, as.uid, as.gid)
  const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }
  const made = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '--pwfile', secret, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    { ...as, env, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error?.message}`)
  const port = await freePort()
  const all: Record<string, string> = {
    ...{ listen_addresses: '127.0.0.1', port: `${port}`, unix_socket_directories: folder, max_connections: '150' },
    // nobody cuts the power of a test: it need not wait for the disk
    ...{ fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
    ...settings,
  }
  const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  let child: ChildProcess | undefined
  let said = ''

  const sql: DebianCluster['sql'] = async (text, database = 'postgres') => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database, connectionTimeoutMillis: 60_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  const start = async (): Promise<void> => {
    const started = spawn(join(binaries, 'postgres'), args, {
      ...as,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    child = started
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-20_000)
    })
    for (let tries = 0; tries < 900; tries++) {
      if (started.exitCode !== null) throw new Error(`PostgreSQL 15 ended: ${said}`)
      if (await sql('select 1').catch(() => undefined)) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`PostgreSQL 15 does not answer: ${said}`)
  }
  const stop: DebianCluster['stop'] = async (how = 'SIGINT') => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill(how)
    await ended
  }
  const url: DebianCluster['url'] = (role, pass, database) =>
    `postgres://${encodeURIComponent(role)}:${encodeURIComponent(pass)}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  const close = async (): Promise<void> => {
    await stop()
    // a test that was killed leaves a postmaster: its own file names it
    if (existsSync(join(data, 'postmaster.pid'))) {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
      if (pid > 1) process.kill(pid, 'SIGQUIT')
    }
    removeLater(folder)
  }
  try {
    await start()
  } catch (error) {
    await close()
    throw error
  }
  return { folder, port, sql, url, superuserUrl: url('postgres', password, 'postgres'), start, stop, close }
}

/** The system user that the package made; its tools want one that has a name. Not root: ours. */
function debiansUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [, , uid, gid] = (/^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0] ?? '').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}
