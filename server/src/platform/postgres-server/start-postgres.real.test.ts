import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { explain } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { freePort } from './free-port.fixture.ts'
import { type PostgresOptions, postgresServerErrorFaces, type RunningPostgres, startPostgres } from './index.ts'

const owner = process.getuid?.() === 0 ? { uid: 64814, gid: 64810 } : {}
const home = openFolder()
const binaries = join(home, 'bin')
afterAll(() => rmSync(home, { recursive: true, force: true }))

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-pg-'))
  chmodSync(folder, 0o711) // mkdtemp closes it to the database's user
  return folder
}

let count = 0
function optionsFor(folder = join(home, `db${count++}`)): PostgresOptions & { lines: string[] } {
  const lines: string[] = []
  const superuserPassword = Secret.fromText('only for this test')
  return {
    folder,
    listen: { socketDir: join(home, `run${count++}`) },
    ...owner,
    superuserPassword,
    binaries,
    log: (line) => lines.push(line),
    lines,
  }
}

async function started(options: PostgresOptions): Promise<RunningPostgres> {
  const result = await startPostgres(options)
  if (!result.ok) throw new Error(explain(postgresServerErrorFaces, result.error).body.message)
  onTestFinished(() => result.value.stop())
  return result.value
}

async function query(server: RunningPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ ...server.connection, password: 'only for this test' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  test('starts from nothing with checksums, UTF-8, locale C, SCRAM and durable commits', async () => {
    const server = await started(optionsFor())
    const names = [
      'data_checksums',
      'server_encoding',
      'lc_collate',
      'fsync',
      'synchronous_commit',
      'listen_addresses',
      'password_encryption',
    ]
    const rows = await query(
      server,
      `select ${names.map((n) => `current_setting('${n}', true) as "${n}"`).join(', ')}, datcollate from pg_database limit 1`,
    )
    expect(rows).toMatchObject([
      {
        data_checksums: 'on',
        server_encoding: 'UTF8',
        datcollate: 'C',
        fsync: 'on',
        synchronous_commit: 'on',
        listen_addresses: '',
        password_encryption: 'scram-sha-256',
      },
    ])
  })

  test('runs under its own user and leaves no core behind when it crashes', async () => {
    const { pid } = await started(optionsFor())
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m)
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\t${owner.uid ?? process.getuid?.()}\\t`, 'm'))
  })

  test('refuses a wrong superuser password on its socket', async () => {
    const server = await started(optionsFor())
    const client = new pg.Client({ ...server.connection, password: 'another' })
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' })
  })

  test('finds its rows again after a clean stop', async () => {
    const options = optionsFor()
    const first = await started(options)
    await query(first, 'create table kept (n int)')
    await query(first, 'insert into kept values (1)')
    await first.stop()
    expect(await first.exited).toMatchObject({ expected: true })
    expect(await query(await started(options), 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('finds its rows again after kill -9 of the postmaster, even when started at once', async () => {
    const options = optionsFor()
    const first = await started(options)
    await query(first, 'create table kept (n int)')
    await query(first, 'insert into kept values (1)')
    process.kill(first.pid, 'SIGKILL')
    expect(await first.exited).toMatchObject({ expected: false, detail: 'ended by SIGKILL' })
    expect(await query(await started(options), 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('ends when whoever started it is killed, as soon as nobody is connected any more', async () => {
    const { kill, pid, connect } = await startElsewhere(optionsFor())
    const client = await connect()
    await kill()
    const comesIn = () =>
      connect().then(
        async (one) => await one.end().then(() => 'somebody came in'),
        (error: Error) => error.message,
      )
    await expect.poll(comesIn, { message: 'nobody else comes in' }).toMatch(/shutting down/)
    expect(await client.query('select 1 as n').then(({ rows }) => rows), 'who is in says their last words').toEqual([{ n: 1 }])
    await client.end()
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000 })
  })

  test('stops what a killed start left behind, and starts on its data', async () => {
    const options = optionsFor()
    const { kill, pid: orphan, connect } = await startElsewhere(options)
    const stays = await connect()
    stays.on('error', () => undefined)
    await kill()
    expect(isAlive(orphan)).toBe(true)
    const server = await started(options)
    expect(isAlive(orphan)).toBe(false)
    expect(options.lines.join('\n')).toMatch(/killed start left behind/)
    expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('listens on TCP where a target of the lab needs it, and on no socket file', async () => {
    const port = await freePort()
    const server = await started({ ...optionsFor(), listen: { host: '127.0.0.1', port } })
    expect(await query(server, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    expect(server.connection).toMatchObject({ host: '127.0.0.1', port })
  })

  test('takes a short folder for its socket when the wanted path is too long for one', async () => {
    const server = await started({ ...optionsFor(), listen: { socketDir: join(home, 'x'.repeat(120)) } })
    expect(server.connection.host.length).toBeLessThan(80)
    onTestFinished(() => rmSync(server.connection.host, { recursive: true, force: true }))
    expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }])
  })
})

describe('the embedded PostgreSQL refuses, with a sentence that says what to do,', () => {
  const refusal = async (options: PostgresOptions) => {
    const result = await startPostgres(options)
    if (result.ok) await result.value.stop()
    return result.ok ? undefined : { code: result.error.code, say: explain(postgresServerErrorFaces, result.error).body.message }
  }

  test('a database that a living process uses', async () => {
    const options = optionsFor()
    const server = await started(options)
    expect(await refusal(options)).toMatchObject({ code: 'database.in_use', say: expect.stringContaining(`process ${process.pid}`) })
    expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('a port that is taken', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    expect(await refusal({ ...optionsFor(), listen: { host: '127.0.0.1', port } })).toMatchObject({
      code: 'database.port_taken',
      say: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })

  test('a folder with files of somebody else, in which it changes nothing', async () => {
    const options = optionsFor()
    mkdirSync(options.folder)
    writeFileSync(join(options.folder, 'thesis.txt'), 'mine')
    expect(await refusal(options)).toMatchObject({ code: 'database.folder_foreign', say: expect.stringContaining('CLAVIGER_DATA') })
  })

  test('a cluster of another major version', async () => {
    const options = optionsFor()
    await (await started(options)).stop()
    writeFileSync(join(options.folder, 'cluster/PG_VERSION'), '14\n')
    expect(await refusal(options)).toMatchObject({ code: 'database.other_version', say: expect.stringContaining('PostgreSQL 14') })
  })

  test('a file where the folder should be', async () => {
    const options = optionsFor()
    writeFileSync(options.folder, '')
    expect(await refusal({ ...options, folder: join(options.folder, 'db') })).toMatchObject({ code: 'database.folder_unusable' })
  })

  test('a folder that its user cannot reach', async () => {
    const closed = join(home, `closed${count++}`)
    mkdirSync(closed)
    // root: a home closed to other users; otherwise: a folder that we ourselves may not write
    chmodSync(closed, process.getuid?.() === 0 ? 0o700 : 0o500)
    expect(await refusal(optionsFor(join(closed, 'db')))).toMatchObject({
      code: 'database.not_permitted',
      say: expect.stringContaining(closed),
    })
  })

  test('a socket folder that somebody else prepared as a link', async () => {
    const options = optionsFor()
    const socketDir = join(home, `link${count++}`)
    writeFileSync(socketDir, '')
    expect(await refusal({ ...options, listen: { socketDir } })).toMatchObject({ code: 'database.folder_foreign' })
  })
})

/** Starts the database from a process of its own, which `kill` ends as a power button would. */
async function startElsewhere({ folder, listen, uid, gid }: PostgresOptions) {
  const program = `
    import { startPostgres } from ${JSON.stringify(import.meta.resolve('./index.ts'))}
    import { Secret } from ${JSON.stringify(import.meta.resolve('../../kernel/secret.ts'))}
    const given = ${JSON.stringify({ folder, listen, uid, gid, binaries })}
    const result = await startPostgres({ ...given, superuserPassword: Secret.fromText('only for this test'), log: () => {} })
    console.log(JSON.stringify(result.ok ? { pid: result.value.pid, connection: result.value.connection } : result.error))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { pid, connection } = JSON.parse(line) as Pick<RunningPostgres, 'pid' | 'connection'>
  const connect = async () => {
    const client = new pg.Client({ ...connection, password: 'only for this test' })
    await client.connect()
    return client
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { pid, connect, kill }
}

/** False also for a process that has ended and that nobody has waited for yet. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
