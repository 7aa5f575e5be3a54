import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { Secret } from '../../server/src/kernel/secret.ts'
import { createDialer } from '../../server/src/platform/dialer/index.ts'
import { freePort } from '../../server/src/platform/postgres-server/free-port.fixture.ts'
import type { Login, OpenTarget } from '../../server/src/targets/contract.ts'
import { postgres } from '../../server/src/targets/postgres/index.ts'
import { type OrdersDb, startOrdersDb } from './index.ts'

const home = mkdtempSync(join(tmpdir(), 'claviger-lab-'))
chmodSync(home, 0o711)
afterAll(() => rmSync(home, { recursive: true, force: true }))
const owner = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : {}

async function started(folder: string): Promise<OrdersDb> {
  const result = await startOrdersDb({ folder, port: await freePort(), ...owner, binaries: join(home, 'bin'), log: () => {} })
  if (!result.ok) throw new Error(result.error.code)
  onTestFinished(() => result.value.stop())
  return result.value
}

const login = (account: string, password: string): Login => ({
  account,
  credential: { kind: 'password', secret: Secret.fromText(password) },
})
const initial = (db: OrdersDb, name: string): string => db.accounts.find((account) => account.name === name)?.password ?? ''

function open(db: OrdersDb): OpenTarget {
  const opened = postgres.open(db.settings, createDialer({ allow: [{ cidr: '127.0.0.1', ports: [db.port] }], ownListeners: [], lab: true }))
  if (!opened.ok) throw new Error(opened.error.code)
  return opened.value
}

async function ask(db: OrdersDb, user: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ host: db.host, port: db.port, user, password: initial(db, user), database: 'orders' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('orders-db', () => {
  test('has the privileged accounts that a tour discovers, and an ordinary one that it does not', async () => {
    const db = await started(join(home, 'one'))
    const found = []
    for await (const account of open(db).discover?.(db.identity, login('postgres', initial(db, 'postgres'))) ?? []) found.push(account)
    expect(found).toMatchObject([
      { name: 'app_admin', category: 'database', privileges: ['createrole'] },
      { name: 'orders_service', category: 'service', privileges: ['bypassrls'] },
      { name: 'postgres', category: 'database', privileges: expect.arrayContaining(['superuser']) },
    ])
    expect(db.accounts.map((account) => account.name)).toEqual(['postgres', 'app_admin', 'orders_service', 'reporting'])
  })

  test('holds a shop of some thousand rows, of which each role sees its part', async () => {
    const db = await started(join(home, 'one'))
    const counts = `select (select count(*)::int from shop.customer) as customers, (select count(*)::int from shop.purchase) as purchases,
      (select count(*)::int from shop.purchase_line) as lines`
    expect(await ask(db, 'orders_service', counts)).toEqual([{ customers: 1200, purchases: 4000, lines: 10_000 }])
    expect(await ask(db, 'reporting', counts)).toEqual([{ customers: 1188, purchases: 4000, lines: 10_000 }])
    await expect(ask(db, 'reporting', 'delete from shop.purchase_line')).rejects.toMatchObject({ code: '42501' })
    await expect(ask(db, 'orders_service', 'drop table shop.customer')).rejects.toMatchObject({ code: '42501' })
    expect(await ask(db, 'app_admin', `alter table shop.product add column note text`)).toEqual([])
  })

  test('keeps its initial passwords in a file that only its starter can read, and in no log', async () => {
    const lines: string[] = []
    const folder = join(home, 'two')
    const result = await startOrdersDb({
      folder,
      port: await freePort(),
      ...owner,
      binaries: join(home, 'bin'),
      log: (line) => lines.push(line),
    })
    if (!result.ok) throw new Error(result.error.code)
    onTestFinished(() => result.value.stop())
    const file = join(folder, 'initial-credentials.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ accounts: result.value.accounts })
    for (const { password } of result.value.accounts) expect(lines.join('\n')).not.toContain(password)
  })

  test('finds its state again, also when all passwords have been changed since', async () => {
    const folder = join(home, 'three')
    const first = await started(folder)
    await ask(
      first,
      'orders_service',
      `insert into shop.customer (name, email, country, created_at) values ('New', 'new@example.com', 'DE', now())`,
    )
    const rotated = await open(first).rotate?.(first.identity, login('postgres', initial(first, 'postgres')), 'postgres', {
      kind: 'password',
      secret: Secret.fromText('known to the vault alone'),
    })
    expect(rotated).toEqual({ ok: true, value: {} })
    await first.stop()

    const second = await started(folder)
    expect(second.identity).toEqual(first.identity)
    expect(second.accounts).toEqual(first.accounts)
    expect(await open(second).verify(second.identity, login('postgres', 'known to the vault alone'))).toMatchObject({ ok: true })
    expect(await open(second).verify(second.identity, login('postgres', initial(second, 'postgres')))).toMatchObject({
      error: { code: 'target.login_refused' },
    })
    expect(await ask(second, 'orders_service', `select name from shop.customer where email = 'new@example.com'`)).toEqual([{ name: 'New' }])
  })

  test('is made again when its first start was cut off half way', async () => {
    const folder = join(home, 'four')
    const first = await started(folder)
    await first.stop()
    rmSync(join(folder, 'made.json')) // what a killed start leaves: a cluster, perhaps with half of its rows
    const second = await started(folder)
    expect(await ask(second, 'orders_service', 'select count(*)::int as n from shop.purchase')).toEqual([{ n: 4000 }])
  })
})
