import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOrdersDb } from '../../../../lab/orders-db/index.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import type { SeenLogin } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { createKinds } from '../inventory/index.ts'
import { watchLogins } from '../onboarding/watch-logins.ts'
import { orderAfterLogin } from '../rotation/index.ts'
import { lookForLoginsElsewhere } from './logins-elsewhere.ts'

/* Somebody who has the password of an account for emergencies comes to a real PostgreSQL past the server. */

const folder = mkdtempSync(join(tmpdir(), 'claviger-elsewhere-'))
let world: World
let target: TargetId
let account: AccountId
let stop: (() => Promise<void>) | undefined
let login: pg.ClientConfig
const clients: pg.Client[] = []
let last: { seen: readonly SeenLogin[]; at: Date }

beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  const as = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : {}
  const port = await freePort()
  const orders = must(await startOrdersDb({ folder: join(folder, 'o'), port, ...as, log: () => undefined, binaries: join(folder, 'bin') }))
  stop = orders.stop
  const password = (name: string) => orders.accounts.find((a) => a.name === name)?.password ?? ''
  const { audit, keeper, clock } = world
  const added = await addTarget({ audit, keeper, kinds, now: clock.now }, null, world.setup, {
    ...{ name: 'orders', kind: 'postgres', environment: 'lab', tier: 1, settings: orders.settings, identity: { ...orders.identity } },
    login: { account: 'postgres', kind: 'password', secret: password('postgres') },
  })
  target = must(added).id as TargetId
  account = (await world.sql("select id from account where target_id = $1 and name = 'app_admin'", [target]))[0]?.id as AccountId
  // how it becomes one is shown elsewhere
  await world.sql('update account set break_glass = true, observed_since = null where id = $1', [account])
  await world.sql('update account set observed_since = null')
  login = {
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'app_admin',
    password: password('app_admin'),
    application_name: 'a laptop',
  }
})
afterAll(async () => {
  for (const client of clients) await client.end()
  await stop?.()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const comes = async () => {
  const client = new pg.Client(login)
  await client.connect()
  clients.push(client)
}
const deps = () => ({
  audit: world.audit,
  orderRotation: (...[tx, id, why]: Parameters<Parameters<typeof lookForLoginsElsewhere>[0]['orderRotation']>) =>
    orderAfterLogin(tx, id, why, world.clock.now()),
})
async function look() {
  const { db, audit, keeper, clock } = world
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  await watchLogins({
    ...{ db, audit, keeper, kinds, now: clock.now },
    whenSeen: async (on, seen, at) => {
      last = { seen, at }
      await lookForLoginsElsewhere(deps(), on, seen, at)
    },
  })
}
const alarms = async () => (await world.entries()).filter((e) => e.act === 'alarm.break_glass_login')
const ordered = () => world.sql("select trigger, state from rotation_order where account_id = $1 and state = 'waiting'", [account])

test('whoever was there before anybody looked was there before it was for emergencies', async () => {
  await comes()
  await look()
  expect(last.seen.map((l) => l.account)).toContain('app_admin')
  expect(await alarms()).toEqual([])
})

test('whoever comes afterwards is an alarm, and the account gets another credential', async () => {
  world.later(300_000)
  await comes()
  await look()
  const found = await alarms()
  expect(found).toMatchObject([{ fields: { account, target, tells: ['security'] } }])
  expect(JSON.stringify(found)).not.toContain('a laptop') // what somebody calls their program is personal, and beside the entry
  expect(await ordered()).toEqual([{ trigger: 'compromise', state: 'waiting' }])
})

test('one login is one alarm, however often it is seen', async () => {
  await lookForLoginsElsewhere(deps(), target, last.seen, new Date(last.at.getTime() + 900))
  expect(await alarms()).toHaveLength(1)
})

test('ours are none: while the account is rotated, from where we come', async () => {
  const at = world.clock.now()
  const seen = { account: 'app_admin', address: '127.0.0.1', program: 'claviger', agoMs: 0, still: false, ours: true }
  await world.sql(
    `insert into rotation (id, account_id, credential, trigger, state, attempt, version, reason, started_at)
     values ('rot_0123456789', $1, 'password', 'on-demand', 'prepared', 1, 1, 'x', $2)`,
    [account, at],
  )
  await lookForLoginsElsewhere(deps(), target, [seen], at)
  expect(await alarms()).toHaveLength(1)
  // at the same time from elsewhere: an alarm, and what runs replaces what they have
  await world.sql('delete from rotation_order')
  await lookForLoginsElsewhere(deps(), target, [{ ...seen, address: '192.0.2.7', ours: false }], at)
  expect(await alarms()).toHaveLength(2)
  expect(await ordered()).toEqual([])
})
