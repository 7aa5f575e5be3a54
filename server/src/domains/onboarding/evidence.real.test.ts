import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOrdersDb } from '../../../../lab/orders-db/index.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { createKinds } from '../inventory/index.ts'
import { type WatchDeps, watchLogins } from './watch-logins.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-evidence-'))
let world: World
let deps: WatchDeps
let stop: (() => Promise<void>) | undefined
let worker: pg.Client
let service: AccountId
beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  const { db, audit, keeper, clock } = world
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  deps = { db, audit, keeper, kinds, now: clock.now }
  const as = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : {}
  const port = await freePort()
  const orders = must(
    await startOrdersDb({ folder: join(folder, 'orders'), port, ...as, log: () => undefined, binaries: join(folder, 'bin') }),
  )
  stop = orders.stop
  const password = (name: string) => orders.accounts.find((a) => a.name === name)?.password ?? ''
  const target = must(
    await addTarget({ audit, keeper, kinds, now: clock.now }, null, world.setup, {
      ...{ name: 'orders', kind: 'postgres', environment: 'lab', tier: 1, settings: orders.settings, identity: { ...orders.identity } },
      login: { account: 'postgres', kind: 'password', secret: password('postgres') },
    }),
  )
  service = (await world.sql("select id from account where target_id = $1 and name = 'orders_service'", [target.id]))[0]?.id as AccountId
  const login = { host: '127.0.0.1', port, database: 'postgres', user: 'orders_service', password: password('orders_service') }
  worker = new pg.Client({ ...login, application_name: 'order worker' })
  await worker.connect()
})
afterAll(async () => {
  await worker?.end()
  await stop?.()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const hour = 3_600_000
const observed = async () => (await world.sql('select observed_since from account where id = $1', [service]))[0]?.observed_since !== null

test('a service account goes on being observed until seven days of looking saw only what is told', async () => {
  expect(await observed()).toBe(true)
  // days are those of the calendar: from a noon, the hour that follows the seven lies in none of its own
  world.later((36 - world.clock.now().getUTCHours()) * hour)
  expect(await watchLogins(deps)).toMatchObject({ looked: 1, ended: 0 })
  expect(await world.sql('select address, program from login_seen where account_id = $1', [service])).toEqual([
    { address: '127.0.0.1', program: 'order worker' },
  ])
  // once an hour is enough
  expect(await watchLogins(deps)).toMatchObject({ looked: 0 })
  for (let day = 0; day < 7; day++) {
    world.later(24 * hour)
    expect(await watchLogins(deps), 'nobody said what uses it').toMatchObject({ looked: 1, ended: 0 })
  }
  expect(await observed()).toBe(true)
  // now its worker is told, on the host from which it was seen
  const host = world.target('worker01', { settings: { host: '127.0.0.1', port: 22 } })
  must(await world.write([{ kind: 'target', revision: 1, row: host }], world.setup))
  const row = {
    ...{ id: newId('dpd'), account_id: service, host_id: host.id, credential: 'password', settings: { unit: 'worker.service' } },
    ...{ state: 'active', introduced_by: world.carol.id },
  }
  must(await world.write([{ kind: 'dependent', revision: 1, row }], world.stepUp(world.carol)))
  world.later(hour)
  expect(await watchLogins(deps)).toMatchObject({ ended: 1 })
  expect(await observed()).toBe(false)
  const ended = (await world.entries()).filter((e) => e.act === 'onboarding.evidence_stands')
  expect(ended).toMatchObject([{ fields: { account: service, days: 7, logins: 1 } }])
})

test('evidence that somebody with the database made up does not shorten the seven days', async () => {
  const row = { ...world.account(world.web01, 'svc-forged'), category: 'service', observed_since: world.clock.now() }
  must(await world.write([{ kind: 'account', revision: 1, row }], { by: 'system' }))
  const at = world.clock.now().getTime()
  for (let day = 0; day < 8; day++)
    await world.sql('insert into login_look values ($1, $2, true)', [world.web01.id, new Date(at - day * 24 * hour + 1)])
  await world.sql("insert into login_seen values ($1, '192.0.2.7', 'x', $2, $2)", [row.id, new Date(at + 1_000)])
  const told = {
    ...{ id: newId('dpd'), account_id: row.id, host_id: world.web01.id, credential: 'password', settings: { unit: 'x.service' } },
    ...{ state: 'active', introduced_by: world.carol.id },
  }
  must(await world.write([{ kind: 'dependent', revision: 1, row: told }], world.stepUp(world.carol)))
  await world.sql('update account set observed_since = $2 where id = $1', [row.id, new Date(at - 30 * 24 * hour)])
  expect(await watchLogins(deps)).toMatchObject({ ended: 0 })
  expect((await world.sql('select observed_since from account where id = $1', [row.id]))[0]?.observed_since).not.toBeNull()
})
