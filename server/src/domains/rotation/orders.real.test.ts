import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startOrdersDb } from '../../../../lab/orders-db/index.ts'
import { until } from '../../../../test/support/until.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, OrderId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import type { Changed, Login, OpenTarget, TargetFailure } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { changeTarget } from '../inventory/change-target.ts'
import { discoverTarget } from '../inventory/discover-target.ts'
import { createKinds, type Kinds } from '../inventory/index.ts'
import { attemptOrder } from './attempt-order.ts'
import type { OrderDeps } from './deps.ts'
import { holdAccount } from './hold-account.ts'
import { orderRotation } from './order-rotation.ts'
import { reconcileAccount } from './reconcile-account.ts'
import { recoverCandidates } from './recover-candidates.ts'
import { releaseAccount } from './release-account.ts'
import { rotateAfterGrant } from './rotation.module.ts'
import { type Running, runOrders } from './run-orders.ts'

/*
 * Orders against a real database that is stopped, whose superuser changes credentials behind our back, and whose logins are counted:
 * `postgres` manages it, `app_admin` is managed by it, `rescue` is a second superuser.
 */
let world: World
let deps: OrderDeps
let start: () => Promise<void>
let stop: () => Promise<void>
let port: number
let target: TargetId
const ids: Record<string, AccountId> = {}
const folder = mkdtempSync(join(tmpdir(), 'claviger-orders-'))
const asRoot = process.getuid?.() === 0

/** Every answer of the target to a login that it refused. */
let refusals: string[] = []
/** What the target does in place of the real thing, once. */
let trick: ((open: OpenTarget) => OpenTarget) | undefined
let running: Running | undefined

function counting(real: Kinds): Kinds {
  const counted = async <T>(asked: Promise<Result<T, TargetFailure>>): Promise<Result<T, TargetFailure>> => {
    const answer = await asked
    if (!answer.ok && answer.error.code === 'target.login_refused') refusals.push(answer.error.account)
    return answer
  }
  const open: Kinds['open'] = (kind, settings) => {
    const opened = real.open(kind, settings)
    if (!opened.ok) return opened
    const { rotate, verify } = opened.value
    const watched: OpenTarget = {
      ...opened.value,
      verify: (...a) => counted(verify(...a)),
      ...(rotate && { rotate: (...a) => counted(rotate(...a)) }),
    }
    return ok(trick?.(watched) ?? watched)
  }
  return { ...real, open }
}

beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  port = await freePort()
  const begin = async () =>
    must(
      await startOrdersDb({
        ...{ folder: join(folder, 'orders'), port, log: () => undefined, binaries: join(folder, 'bin') },
        ...(asRoot && { uid: 64820, gid: 64820 }),
      }),
    )
  start = async () => {
    stop = (await begin()).stop
  }
  const db = await begin()
  stop = db.stop
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  const { audit, keeper } = world
  deps = { db: world.db, audit, keeper, now: world.clock.now, kinds: counting(kinds), retryMs: 200 }
  const secret = db.accounts.find((a) => a.name === 'postgres')?.password ?? ''
  const added = await addTarget({ audit, keeper, kinds }, null, world.setup, {
    ...{ name: 'orders', kind: 'postgres', environment: 'lab', tier: 1 },
    ...{ settings: db.settings, identity: { ...db.identity }, login: { account: 'postgres', kind: 'password', secret } },
  })
  target = must(added).id
  await outside(secret, "create role rescue superuser login password 'not-ours-yet'")
  must(await discoverTarget(deps, null, target))
  for (const row of await world.sql('select id, name from account where target_id = $1', [target])) ids[row.name] = row.id
  for (const name of ['postgres', 'rescue', 'app_admin']) must(await order(name))
})
afterAll(async () => {
  await running?.stop()
  await stop?.()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  refusals = []
  trick = undefined
})

const id = (name: string) => ids[name] as AccountId
const order = (name: string, trigger: 'on-demand' | 'compromise' = 'on-demand') =>
  orderRotation(
    { ...deps, whenAccountStops: async () => ok(undefined) },
    { account: id(name), trigger, reason: 'a test', by: world.carol.id },
  )
const current = async (name: string): Promise<string> => {
  const { secret } = must(await world.inside.context.vault.openState({ kind: 'account', id: id(name), what: 'password' }, 'current'))
  return await secret.use('scrub-from-output', async (b) => Buffer.from(b).toString())
}
/** What somebody does on the target itself. */
async function outside(password: string, statement: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'orders' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
const opens = async (name: string): Promise<true | string> => {
  const login: Login = { account: name, credential: { kind: 'password', secret: Secret.fromText(await current(name)) } }
  const row = await world.vouched('target', target)
  const works = await must(deps.kinds.open('postgres', row.settings)).verify(row.identity as Record<string, string>, login)
  return works.ok || works.error.code
}
const orderOf = async (name: string): Promise<Row> =>
  (await world.sql('select * from rotation_order where account_id = $1 order by ordered_at desc limit 1', [id(name)]))[0] ?? {}
const stateOf = async (name: string) => (await world.sql('select state from account where id = $1', [id(name)]))[0]?.state
const alarmsOf = async (name: string) =>
  (await world.entries()).flatMap((e) => {
    const { act, phase, fields } = e as unknown as { act: string; phase: string; fields: Row }
    return phase === 'alarm' && fields.account === id(name) ? [{ act, ...fields }] : []
  })
/** Works off what is due until `done`, as a server does. */
const working = async (what: string, done: () => Promise<boolean>) => {
  running = runOrders({ ...deps, log: () => undefined })
  try {
    await until(what, done, 60)
  } finally {
    await running.stop()
    running = undefined
  }
}
const isDone = (name: string) => async () => (await orderOf(name)).state === 'done'

test('what a person ordered is tried again by itself: they hear when, the owner is told once, then security, and it is done when the target is back', async () => {
  const before = (await alarmsOf('app_admin')).length
  await stop()
  const tried = must(await order('app_admin'))
  if (tried.did !== 'failed') throw new Error(tried.did)
  expect([tried.error.code, tried.order.state, tried.order.failures]).toEqual(['target.unreachable', 'waiting', 1])
  expect(tried.order.due_at.getTime()).toBeGreaterThan(world.clock.now().getTime())
  await working('the fourth failure', async () => Number((await orderOf('app_admin')).failures) >= 4)
  await start()
  await working('the rotation', isDone('app_admin'))
  expect((await alarmsOf('app_admin')).slice(before)).toMatchObject([
    { act: 'alarm.rotation_failed', failures: 1, code: 'target.unreachable', tells: ['owner'] },
    { act: 'alarm.rotation_escalated', failures: 3, tells: ['security', 'owner-manager'], itsmTicket: 'wanted' },
  ])
  expect(await opens('app_admin')).toBe(true)
  expect(await stateOf('app_admin')).toBe('managed')
})

test('what failed while the clock was a day ahead does not wait for that day', async () => {
  await stop()
  const tomorrow = () => new Date(world.clock.now().getTime() + 86_400_000)
  const ahead = await orderRotation(
    { ...deps, now: tomorrow, whenAccountStops: async () => ok(undefined) },
    { account: id('app_admin'), trigger: 'on-demand', reason: 'a test', by: world.carol.id },
  )
  expect(must(ahead)).toMatchObject({ did: 'failed', error: { code: 'target.unreachable' } })
  expect(((await orderOf('app_admin')).due_at as Date).getTime()).toBeGreaterThan(world.clock.now().getTime() + 80_000_000)
  await start()
  await working('the rotation', isDone('app_admin'))
  expect(await opens('app_admin')).toBe(true)
  // for the tests that look at the newest one
  await world.sql('update rotation_order set ordered_at = tried_at where ordered_at > tried_at')
})

test('an order that a crash cut off is due at once for whoever works next, with the same candidate, and nothing counts as failed', async () => {
  trick = (open) => ({
    ...open,
    rotate: async (...a) => {
      await open.rotate?.(...a)
      throw new Error('killed')
    },
  })
  await expect(order('app_admin')).rejects.toThrow('killed')
  expect(await orderOf('app_admin')).toMatchObject({ state: 'waiting', failures: 0 })
  trick = undefined
  await working('the rotation', isDone('app_admin'))
  expect(await opens('app_admin')).toBe(true)
  expect(await orderOf('app_admin')).toMatchObject({ failures: 0 })
})

test('after an older database came back, the target may have any version that the escrow knows: each is tried once, the newest first, and none is lost', async () => {
  const versions = () => world.sql("select version from vault.secret_version where owner_id = $1 and state = 'current'", [id('postgres')])
  const [{ version: before = 0 } = {}] = (await versions()) as { version?: number }[]
  must(await order('postgres'))
  // a candidate that reached the target; two after it did not: the machine was put back, too
  const onTarget = await current('postgres')
  for (const _ of [1, 2]) must(await order('postgres'))
  const last = await current('postgres')
  await outside(last, `alter role postgres password '${onTarget}'`)
  await world.sql('delete from vault.secret_version where owner_id = $1 and version > $2', [id('postgres'), before])
  await world.sql("update vault.secret_version set state = 'current' where owner_id = $1 and version = $2", [id('postgres'), before])
  await world.sql('delete from credential_health where account_id = $1', [id('postgres')])
  expect(await world.inside.context.vault.restoreFromEscrow()).toBe(3)
  refusals = []
  await recoverCandidates(deps)
  for (let tries = 0; tries < 8 && (await orderOf('postgres')).state === 'waiting'; tries++)
    must(await attemptOrder(deps, { id: String((await orderOf('postgres')).id) as OrderId, target }, { early: true }))
  // the current one of that day, the newest, the second newest; then the one that it has
  expect(refusals).toEqual(['postgres', 'postgres', 'postgres'])
  expect(await orderOf('postgres')).toMatchObject({ state: 'done' })
  expect(await opens('postgres')).toBe(true)
  expect(await stateOf('postgres')).toBe('managed')
})

test('what is ordered while an attempt runs is not finished by it: it may be about what came after', async () => {
  const grant = { id: 'grt_none000000', account_id: id('app_admin') }
  await world.sql(
    `insert into rotation_order (id, account_id, trigger, reason, ordered_at, due_at) values ('ord_aaaaaaaaaa', $1, 'check-in', 'a test', $2, $2)`,
    [grant.account_id, world.clock.now()],
  )
  let attempts = 0
  trick = (open) => ({
    ...open,
    rotate: async (...a) => {
      attempts += 1
      if (attempts === 1) must(await nested())
      return (await open.rotate?.(...a)) as Result<Changed, TargetFailure>
    },
  })
  // another grant ends in the middle of it
  const nested = async () => {
    await world.sql("update rotation_order set generation = generation + 1 where id = 'ord_aaaaaaaaaa'")
    return ok(undefined)
  }
  await working('both', isDone('app_admin'))
  expect(attempts).toBe(2)
  // nobody used that grant: nothing is ordered for it
  await world.db.transaction().execute((tx) => rotateAfterGrant(tx, { ...grant, wasHeld: false }, world.clock.now()))
  expect(await orderOf('app_admin')).toMatchObject({ state: 'done' })
})

test('a managing account whose credential was changed outside is refused once and then held: nobody tries it again, and the others wait', async () => {
  const real = await current('postgres')
  await outside(real, "alter role postgres password 'changed behind our back'")
  const tried = must(await order('app_admin'))
  expect(tried).toMatchObject({ did: 'failed', error: { code: 'rotation.waits_for_manager' }, order: { state: 'waiting', failures: 0 } })
  await working('the hold', async () => (await stateOf('postgres')) === 'held')
  // once with the current one, once with the one before it: a machine may have been put back
  expect(refusals.filter((name) => name === 'postgres').length).toBeLessThanOrEqual(2)
  const soFar = refusals.length
  must(await order('app_admin'))
  must(await order('app_admin'))
  expect(await order('postgres')).toMatchObject({ ok: false, error: { code: 'rotation.held' } })
  expect(refusals.length, 'no login more').toBe(soFar)
  const acts = (await alarmsOf('postgres')).map((a) => a.act)
  expect(acts).toEqual(expect.arrayContaining(['alarm.credential_drift', 'alarm.account_held']))
  expect(await reconcileAccount(deps, { account: id('postgres'), reason: 'a test', by: world.carol.id })).toMatchObject({
    ok: false,
    error: { code: 'rotation.no_reconciler' },
  })

  // neither the server by itself nor an officer without a code lets it go
  const release = (authority: Parameters<typeof releaseAccount>[1]) =>
    releaseAccount(deps, authority, { account: id('postgres'), reason: 'put right', by: world.carol.id })
  expect(await release({ by: 'system' })).toMatchObject({ ok: false, error: { code: 'keeper.not_authorised' } })
  expect(await stateOf('postgres')).toBe('held')
  await outside('changed behind our back', `alter role postgres password '${real}'`)
  must(await release(world.stepUp(world.carol)))
  await working('everything that waited', async () => (await isDone('postgres')()) && (await isDone('app_admin')()))
  expect([await opens('postgres'), await opens('app_admin'), await stateOf('postgres')]).toEqual([true, true, 'managed'])
})

test('with a reconciler it is reset by itself, with one refused login, and only while the reconciler is known to be good', async () => {
  const set = (reconciler: string | null) =>
    changeTarget(
      { ...deps, whenTargetChanges: async () => ok({ requests: [], grants: [] }) },
      world.carol.id,
      world.stepUp(world.carol),
      target,
      { reconciler },
    )
  expect(await set('postgres')).toMatchObject({ ok: false, error: { code: 'inventory.no_reconciler' } })
  must(await set('rescue'))
  await outside(await current('postgres'), "alter role postgres password 'changed once more'")
  const tried = must(await order('postgres'))
  expect(tried).toMatchObject({ did: 'failed', order: { state: 'waiting', reconcile: true } })
  await working('the reset', isDone('postgres'))
  expect(refusals.filter((name) => name === 'postgres')).toHaveLength(1)
  expect([await opens('postgres'), await stateOf('postgres')]).toEqual([true, 'managed'])

  // of the two only one is ever in doubt
  await world.sql('update credential_health set sent_version = 99 where account_id = $1', [id('rescue')])
  expect(must(await order('postgres'))).toMatchObject({ did: 'failed', error: { code: 'rotation.other_in_doubt' } })
  await world.sql('update credential_health set sent_version = null where account_id = $1', [id('rescue')])
  must(await reconcileAccount(deps, { account: id('postgres'), reason: 'a test', by: world.carol.id }))
  expect(await opens('postgres')).toBe(true)
})

test('a reconciler that was forged into the row gets no credential', async () => {
  await world.sql("update target set reconciler = 'app_admin' where id = $1", [target])
  const tried = await order('postgres')
  expect(tried.ok && tried.value.did === 'rotated').toBe(false)
  await world.sql("update target set reconciler = 'rescue' where id = $1", [target])
})

test('a candidate that the target refuses after it was set is reset by the reconciler; where that does not help, nobody gets in', async () => {
  trick = (open) => ({ ...open, rotate: async () => ok({}) })
  const tried = must(await order('app_admin'))
  expect(tried).toMatchObject({ did: 'failed', error: { code: 'target.login_refused' }, order: { reconcile: true } })
  await working('the hold', async () => (await orderOf('app_admin')).state === 'held')
  expect(refusals.filter((name) => name === 'app_admin').length).toBeLessThanOrEqual(2)
  expect(await stateOf('app_admin')).toBe('held')
  trick = undefined
  expect(must(await reconcileAccount(deps, { account: id('app_admin'), reason: 'a test', by: world.carol.id }))).toMatchObject({
    did: 'rotated',
  })
  expect([await opens('app_admin'), await stateOf('app_admin')], 'reset, and still held').toEqual([true, 'held'])
  must(await releaseAccount(deps, world.stepUp(world.carol), { account: id('app_admin'), reason: 'looked at', by: world.carol.id }))
})

test('one that may be in other hands is held at the first failure, and tried on', async () => {
  await stop()
  expect(must(await order('app_admin', 'compromise'))).toMatchObject({ did: 'failed', order: { state: 'waiting' } })
  expect(await stateOf('app_admin')).toBe('held')
  await start()
  await working('the rotation', isDone('app_admin'))
  must(await releaseAccount(deps, world.stepUp(world.carol), { account: id('app_admin'), reason: 'replaced', by: world.carol.id }))
})

test('an officer holds an account, which ends what runs with it; held twice is harmless', async () => {
  const stopped: string[] = []
  const holding = {
    ...deps,
    whenAccountStops: async (_act: unknown, account: AccountId) => {
      stopped.push(account)
      return ok(undefined)
    },
  }
  const hold = () => holdAccount(holding, { account: id('rescue'), reason: 'a test', by: world.carol.id })
  must(await hold())
  must(await hold())
  expect([stopped, await stateOf('rescue')]).toEqual([[id('rescue')], 'held'])
  expect(
    await holdAccount(
      { ...holding, whenAccountStops: async () => fail({ code: 'x.y', message: 'no' }) },
      {
        ...{ account: id('app_admin'), reason: 'a test', by: world.carol.id },
      },
    ),
  ).toMatchObject({ ok: false })
  expect(await stateOf('app_admin'), 'all or nothing').toBe('managed')
})
