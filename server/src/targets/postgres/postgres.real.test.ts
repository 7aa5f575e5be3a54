import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { type RunningPostgres, startPostgres } from '../../platform/postgres-server/index.ts'
import { type Credential, type FoundAccount, type Login, type OpenTarget, TargetError } from '../contract.ts'
import { postgres } from './index.ts'

const identity = { proof: 'scram-server-signature' }
const superuserPassword = 'superuser only for this test'
const folder = mkdtempSync(join(tmpdir(), 'claviger-pg-'))
const log: string[] = []
let server: RunningPostgres
let target: OpenTarget

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const login = (account: string, text: string): Login => ({ account, credential: password(text) })
const superuser = (): Login => login('postgres', superuserPassword)

async function asSuperuser<R extends object = object>(sql: string): Promise<R[]> {
  const client = new pg.Client({ ...server.connection, password: superuserPassword })
  await client.connect()
  try {
    return (await client.query<R>(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  chmodSync(folder, 0o711)
  const port = await freePort()
  const started = await startPostgres({
    folder: join(folder, 'db'),
    listen: { host: '127.0.0.1', port },
    ...(process.getuid?.() === 0 && { uid: 64820, gid: 64820 }),
    superuserPassword: Secret.fromText(superuserPassword),
    log: (line) => log.push(line),
    // as talkative as a server can be
    settings: { log_statement: 'all', log_min_error_statement: 'debug5', log_connections: 'all', log_min_duration_statement: '0' },
  })
  if (!started.ok) throw new Error(started.error.code)
  server = started.value
  await asSuperuser(`
    create role app_admin login createrole createdb password 'initial app_admin';
    create role orders_service login bypassrls password 'initial orders_service';
    comment on role orders_service is 'service: order worker';
    create role replica login replication password 'initial replica';
    create role dba nologin createrole;
    create role deputies nologin in role dba;
    create role dave login password 'initial dave' in role deputies;
    create role files login password 'initial files' in role pg_write_server_files;
    create role passwordless login superuser;
    create role reporting login password 'initial reporting';
    create role makers login createdb password 'initial makers';
    create role "O'Brien ""the"" admin;--" login superuser password 'initial obrien';
    grant orders_service to app_admin with admin option;
  `)
  const opened = postgres.open(
    { host: '127.0.0.1', port, tls: 'off-scram' },
    createDialer({ allow: [{ cidr: '127.0.0.1', ports: [port] }], ownListeners: [], lab: true }),
  )
  if (!opened.ok) throw new Error(opened.error.code)
  target = opened.value
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function discovered(as: Login): Promise<FoundAccount[]> {
  const found: FoundAccount[] = []
  for await (const account of target.discover?.(identity, as) ?? []) found.push(account)
  return found
}

describe('discovery', () => {
  const expected = [
    { name: `O'Brien "the" admin;--`, category: 'database', privileges: ['superuser'] },
    { name: 'app_admin', category: 'database', privileges: ['createrole', 'createdb', 'member of orders_service'] },
    { name: 'dave', category: 'database', privileges: ['member of dba'] },
    { name: 'dba', category: 'database', privileges: ['createrole'] },
    { name: 'deputies', category: 'database', privileges: ['member of dba'] },
    { name: 'files', category: 'database', privileges: ['member of pg_write_server_files'] },
    { name: 'orders_service', category: 'service', privileges: ['bypassrls'] },
    { name: 'passwordless', category: 'database', privileges: ['superuser'] },
    { name: 'postgres', category: 'database', privileges: ['superuser', 'createrole', 'bypassrls', 'replication', 'createdb'] },
    { name: 'replica', category: 'database', privileges: ['replication'] },
  ]

  test('lists every privileged role with why it is one, and no ordinary role', async () => {
    const found = await discovered(superuser())
    expect(found).toMatchObject(expected)
    expect(found.map((account) => account.name)).not.toContain('reporting')
    const without = found.filter((account) => account.credentials.length === 0).map((account) => account.name)
    expect(without).toEqual(['dba', 'deputies', 'passwordless'])
    expect(found.filter((account) => !account.canLogIn).map((account) => account.name)).toEqual(['dba', 'deputies'])
  })

  test('sees the same roles when the login is an ordinary one', async () => {
    const found = await discovered(login('reporting', 'initial reporting'))
    expect(found).toMatchObject(expected)
    // who has a password it does not see, and does not say that it did
    expect(found.map(({ assumed = false, canLogIn }) => assumed === canLogIn)).not.toContain(false)
    expect((await discovered(superuser())).filter(({ assumed }) => assumed)).toEqual([])
  })

  test('can be left half way', async () => {
    for await (const account of target.discover?.(identity, superuser()) ?? []) {
      expect(account.name).toBeTruthy()
      break
    }
    expect((await discovered(superuser())).length).toBe(expected.length)
  })

  test('yields a large cluster in batches', async () => {
    await asSuperuser(`do $$ begin for i in 1..1100 loop execute format('create role many_%s superuser', i); end loop; end $$`)
    const found = await discovered(superuser())
    expect(new Set(found.map((account) => account.name)).size).toBe(expected.length + 1100)
    await asSuperuser(`do $$ begin for i in 1..1100 loop execute format('drop role many_%s', i); end loop; end $$`)
  })

  test('ends with the reason when the server cuts it off half way', async () => {
    await asSuperuser(`do $$ begin for i in 1..1100 loop execute format('create role many_%s superuser', i); end loop; end $$`)
    const cutOff = async (): Promise<void> => {
      for await (const account of target.discover?.(identity, superuser()) ?? []) {
        if (account.name === 'app_admin')
          await asSuperuser(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'claviger'`)
      }
    }
    const reason = await cutOff().then(
      () => undefined,
      (error: unknown) => (error instanceof TargetError ? error.failure.code : error),
    )
    expect(['target.unreachable', 'target.protocol']).toContain(reason) // told that it ends, or only that the connection broke
    await asSuperuser(`do $$ begin for i in 1..1100 loop execute format('drop role many_%s', i); end loop; end $$`)
  })

  test('says why it could not begin', async () => {
    await expect(discovered(login('postgres', 'wrong'))).rejects.toEqual(
      new TargetError({ code: 'target.login_refused', account: 'postgres' }),
    )
  })
})

describe('verification', () => {
  test.each([
    ['a wrong password', 'app_admin', 'wrong'],
    ['a role that does not exist', 'nobody_here', 'wrong'],
    ['a role that may not log in', 'dba', 'wrong'],
    ['a role without a password', 'passwordless', 'wrong'],
  ])('is refused for %s', async (_what, account, text) => {
    expect(await target.verify(identity, login(account, text))).toEqual({ ok: false, error: { code: 'target.login_refused', account } })
  })

  test('is ok for a password that works, and leaves the credential to its owner', async () => {
    const as = superuser()
    expect(await target.verify(identity, as)).toEqual({ ok: true, value: undefined })
    expect(await target.verify(identity, as)).toEqual({ ok: true, value: undefined })
  })

  test('is refused on another cluster than the pinned one', async () => {
    const [row] = await asSuperuser<{ id: string }>('select system_identifier::text as id from pg_control_system()')
    const reporting = () => login('reporting', 'initial reporting')
    expect(await target.verify({ ...identity, systemIdentifier: row?.id ?? '' }, reporting())).toMatchObject({ ok: true })
    expect(await target.verify({ ...identity, systemIdentifier: '1' }, reporting())).toMatchObject({
      ok: false,
      error: { code: 'target.impostor', expected: 'cluster 1', presented: `cluster ${row?.id}` },
    })
  })

  test('gives up on a server that takes the connection and never answers', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume())
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void silent.close())
    const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
    for (const tls of ['verify', 'off-scram'] as const) {
      const opened = postgres.open({ host: '127.0.0.1', port: (silent.address() as AddressInfo).port, tls }, dial)
      const pinned = tls === 'verify' ? { proof: 'tls-certificate', certificate: 'SHA256:00' } : identity
      expect(opened.ok && (await opened.value.verify(pinned, superuser()))).toMatchObject({ error: { code: 'target.timeout' } })
    }
  })

  test('says that a database does not exist', async () => {
    const opened = postgres.open(
      { ...target.address, database: 'nowhere', tls: 'off-scram' },
      createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true }),
    )
    expect(opened.ok && (await opened.value.verify(identity, superuser()))).toMatchObject({
      error: { code: 'target.protocol', detail: expect.stringContaining('3D000') },
    })
  })
})

describe('rotation', () => {
  const rotate = (as: Login, account: string, next: string) => target.rotate?.(identity, as, account, password(next))
  const works = async (account: string, text: string): Promise<boolean> => (await target.verify(identity, login(account, text))).ok

  test('sets a password that works from then on, while the old one is refused', async () => {
    expect(await rotate(superuser(), 'orders_service', 'rotated-by-superuser')).toEqual({ ok: true, value: {} })
    expect(await works('orders_service', 'rotated-by-superuser')).toBe(true)
    expect(await works('orders_service', 'initial orders_service')).toBe(false)
  })

  test('may be asked again with the same password', async () => {
    expect(await rotate(superuser(), 'replica', 'asked-twice')).toMatchObject({ ok: true })
    expect(await rotate(superuser(), 'replica', 'asked-twice')).toMatchObject({ ok: true })
    expect(await works('replica', 'asked-twice')).toBe(true)
  })

  test('of a role by itself needs no other right', async () => {
    expect(await rotate(login('dave', 'initial dave'), 'dave', 'by-himself')).toMatchObject({ ok: true })
    expect(await works('dave', 'by-himself')).toBe(true)
  })

  test('by a role with createrole and admin on the other', async () => {
    expect(await rotate(login('app_admin', 'initial app_admin'), 'orders_service', 'by-app-admin')).toMatchObject({ ok: true })
    expect(await works('orders_service', 'by-app-admin')).toBe(true)
  })

  test('takes any role name as a name', async () => {
    const name = `O'Brien "the" admin;--`
    expect(await rotate(superuser(), name, 'quoted-well')).toMatchObject({ ok: true })
    expect(await works(name, 'quoted-well')).toBe(true)
  })

  test.each([
    ['a role that is gone', superuser, 'nobody_here', 'x', { code: 'target.account_gone', account: 'nobody_here' }],
    ['a login that may not', () => login('reporting', 'initial reporting'), 'replica', 'x', { code: 'target.not_permitted' }],
    ['a login that is refused', () => login('reporting', 'wrong'), 'replica', 'x', { code: 'target.login_refused', account: 'reporting' }],
    ['a password that would need SASLprep', superuser, 'replica', 'groß', { code: 'target.credential_refused' }],
  ])('is refused for %s, and changes nothing', async (_what, as, account, next, error) => {
    const stored = () => asSuperuser('select rolname, rolpassword from pg_authid order by rolname')
    const before = await stored()
    expect(await rotate(as(), account, next)).toMatchObject({ ok: false, error })
    expect(await stored()).toEqual(before)
  })

  test('never lets the server or its log see the password, however much it logs', async () => {
    const secret = 'never-in-any-log-7Qx2'
    expect(await rotate(superuser(), 'files', secret)).toMatchObject({ ok: true })
    expect(await works('files', secret)).toBe(true)
    const [row] = await asSuperuser<{ stored: string }>(`select rolpassword as stored from pg_authid where rolname = 'files'`)
    expect(row?.stored).toMatch(/^SCRAM-SHA-256\$4096:/)
    const text = log.join('\n')
    expect(text).toContain('alter role "files"') // the log does see the statement …
    expect(text).not.toContain(secret) // … with the verifier only
    expect(text).not.toContain(Buffer.from(secret).toString('base64'))
  })
})
