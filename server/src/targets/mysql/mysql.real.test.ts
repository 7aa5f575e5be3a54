import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import type { Credential, FoundAccount, Login, OpenTarget } from '../contract.ts'
import { mysql } from './index.ts'
import { type Mariadb, startMariadb } from './test/start-mariadb.ts'

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const manager = (): Login => ({ account: 'root_of_test', credential: password('root of this test') })
let server: Mariadb
let target: OpenTarget
let identity: { certificate: string }

beforeAll(async () => {
  server = await startMariadb()
  for (const statement of [
    `create user app@'127.0.0.1' identified by 'old here', app@'10.%' identified by 'old there', app@localhost identified via unix_socket`,
    `create user twoways@'127.0.0.1' identified via mysql_native_password using password('old') or unix_socket`,
    "install soname 'auth_ed25519'",
    `create user curve@'%' identified via ed25519 using password('old')`,
    'create role dba',
    'grant create user on *.* to dba',
    `create user by_role@'%' identified by 'x'`,
    "grant dba to by_role@'%'",
    `create user bare@'%'`,
    `create user writer@'%' identified by 'x'`,
    `grant update on mysql.* to writer@'%'`,
    `create user ordinary@'%' identified by 'x'`,
    'create database shop',
    `grant all on shop.* to ordinary@'%'`,
    `create definer=app@'127.0.0.1' view shop.answers as select 42 as answer`,
  ])
    await server.sql(statement)
  await server.sql(`grant file on *.* to app@'127.0.0.1'`)
  identity = { certificate: server.tls.fingerprint }
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  const opened = mysql.open({ host: '127.0.0.1', port: server.port, ca: server.tls.certificate }, dial)
  if (!opened.ok) throw new Error(opened.error.code)
  target = opened.value
})
afterAll(() => server?.stop())

const stored = async (user: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await server.sql<{ Host: string; Priv: string }>('select Host, cast(Priv as char) as Priv from mysql.global_priv where User = ?', [
        user,
      ])
    ).map((row) => [row.Host, row.Priv]),
  )

test('discovery tells why: by a global privilege, a role, the tables of privileges, or no password; and names the hosts', async () => {
  const found: Record<string, FoundAccount> = {}
  for await (const account of target.discover?.(identity, manager()) ?? []) found[account.name] = account
  expect(found.app?.privileges).toEqual(['file', 'from 10.%, 127.0.0.1, localhost'])
  expect(found.by_role?.privileges).toEqual(['role dba', 'from any host'])
  expect(found.bare).toMatchObject({ privileges: ['no password from any host', 'from any host'], credentials: [], canLogIn: true })
  expect(found.writer?.privileges).toContain('writes the tables of privileges')
  expect(Object.keys(found)).not.toEqual(expect.arrayContaining(['ordinary']))
  for (const name of ['dba', 'mariadb.sys', 'PUBLIC']) expect(found[name], name).toBeUndefined()
})

test('a rotation leaves no entry of the name with the old password, and lets what else opens one be', async () => {
  expect(await target.rotate?.(identity, manager(), 'app', password('the new one'))).toEqual({ ok: true, value: {} })
  const app = await stored('app')
  const hash = /\*[0-9A-F]{40}/.exec(app['127.0.0.1'] ?? '')?.[0]
  expect(app['10.%']).toContain(hash)
  expect(app.localhost).toMatch(/unix_socket/)
  expect(app.localhost).not.toContain(hash)
  expect(await target.rotate?.(identity, manager(), 'twoways', password('the new one'))).toMatchObject({ ok: true })
  expect((await stored('twoways'))['127.0.0.1']).toMatch(/unix_socket/)
  expect(await target.verify(identity, { account: 'twoways', credential: password('the new one') })).toMatchObject({ ok: true })
})

test('a password of a stronger method is not replaced by one of a weaker', async () => {
  const before = await stored('curve')
  expect(await target.rotate?.(identity, manager(), 'curve', password('x'))).toMatchObject({ error: { code: 'target.not_supported' } })
  expect(await target.verify(identity, { account: 'curve', credential: password('old') })).toMatchObject({
    error: { code: 'target.not_supported' },
  })
  expect(await stored('curve')).toEqual(before)
})

test('an account is not removed while a view runs as it', async () => {
  expect(await target.lifecycle?.remove?.(identity, manager(), 'app')).toMatchObject({ error: { code: 'target.not_permitted' } })
  expect(Object.keys(await stored('app'))).toHaveLength(3)
})

test('names are names, whatever stands in them', async () => {
  const name = `o'brien \\"; drop user app; --`
  expect(await target.lifecycle?.create?.(identity, manager(), name, password('first'))).toMatchObject({ ok: true })
  expect(await target.rotate?.(identity, manager(), name, password('second'))).toMatchObject({ ok: true })
  expect(await target.verify(identity, { account: name, credential: password('second') })).toMatchObject({ ok: true })
  expect(await target.lifecycle?.remove?.(identity, manager(), name)).toMatchObject({ ok: true })
  expect(Object.keys(await stored('app'))).toHaveLength(3)
})
