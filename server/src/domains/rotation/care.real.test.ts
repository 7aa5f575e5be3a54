import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { granted } from '../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login, OpenTarget } from '../../targets/contract.ts'
import { must } from '../identity/test/house.ts'
import type { Kinds } from '../inventory/index.ts'
import { showBatch, showBatches } from './batch.view.ts'
import { changePlan } from './change-plan.ts'
import { type KeepUpDeps, keepUp } from './keep-up.ts'
import { orderMany } from './order-many.ts'
import { orderRotation } from './order-rotation.ts'
import { showCare, showPlan } from './plan.view.ts'
import { runOrders } from './run-orders.ts'
import { verifyAccount } from './verify-account.ts'

/*
 * What falls due by itself, with targets that exist in this process alone: their clock can be put forward, and they say until when an old
 * credential works. What a real target says is in orders.real.test.ts.
 */
const hour = 3_600_000
const day = 24 * hour
let world: World
let deps: KeepUpDeps
let target: TargetId
const ids: Record<string, AccountId> = {}
const names = ['manager', 'rescue', 'app', 'app2', 'app3']
/** What each account's password is on the target, and what it was: `rotate` by whoever may, `verify` by comparing. */
const passwords = new Map<string, string[]>()
let oldValidMs = 0
let logins: { account: string; ok: boolean }[] = []

const textOf = (login: Login) => login.credential.secret.lend('log-in-to-target', async (b) => Buffer.from(b).toString())
const opened: OpenTarget = {
  kind: 'memory',
  address: { host: 'memory', port: 1 },
  identify: async () => ok({}),
  async verify(_identity, login) {
    const works = (passwords.get(login.account) ?? []).includes(await textOf(login))
    logins.push({ account: login.account, ok: works })
    return works ? ok(undefined) : { ok: false, error: { code: 'target.login_refused', account: login.account } }
  },
  async rotate(identity, as, account, next) {
    const in_ = await opened.verify(identity, as)
    if (!in_.ok) return in_
    const text = await textOf({ account, credential: next })
    passwords.set(account, oldValidMs > 0 ? [text, ...(passwords.get(account) ?? [])] : [text])
    return ok(oldValidMs > 0 ? { oldValidUntil: new Date(world.clock.now().getTime() + oldValidMs) } : {})
  },
}
const kinds: Kinds = {
  ...{ capabilities: () => [], described: () => [], reaches: () => true, takesIn: () => false, check: () => ok({ address: '' }) },
  open: () => ok(opened),
}

beforeAll(async () => {
  world = await openWorld()
  const { audit, keeper, db } = world
  deps = {
    ...{ db, audit, keeper, kinds, now: world.clock.now, retryMs: 100, log: () => undefined, lookMs: 1_000, windows: [] },
    ages: { serviceMs: 30 * day, humanMs: 90 * day, verifyMs: day },
  }
  const on = world.target('memory', { manager: 'manager', reconciler: 'rescue' })
  target = on.id
  const accounts = await world.added(on, ...names)
  for (const account of accounts) {
    ids[account.name] = account.id
    const text = randomUUID()
    passwords.set(account.name, [text])
    must(await keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText(text)))
  }
})
afterAll(() => world?.close())

const id = (name: string) => ids[name] as AccountId
const openOrders = async () =>
  (await world.sql(
    "select a.name, o.trigger from rotation_order o join account a on a.id = o.account_id where o.state = 'waiting' order by a.name",
  )) as Row[]
const whenAccountStops = async () => ok(undefined)
const work = async () => {
  const running = runOrders(deps)
  await until('the orders', async () => (await openOrders()).length === 0, 60)
  await running.stop()
}
const alarms = async (act: string) => (await world.entries()).filter((e) => e.act === act)

test('nothing falls due that is young, nothing later than its age, and not all at once', async () => {
  await keepUp(deps)
  expect(await openOrders()).toEqual([])
  // the world's own accounts on web01 are looked after as well
  world.later(80 * day)
  await keepUp(deps)
  expect(await openOrders()).toEqual([])
  world.later(10 * day)
  await keepUp({ ...deps, windows: [{ days: [], from: 0, to: 1 }] })
  expect(await openOrders(), 'outside of the window').toEqual([])
  await keepUp(deps)
  expect((await openOrders()).map((o) => o.name)).toEqual(expect.arrayContaining(names))
  const due = await world.sql(
    `select count(distinct (('x' || substr(md5(id), 1, 8))::bit(32)::bigint)) as n from account where target_id = $1`,
    [target],
  )
  expect(due[0]?.n, 'each has a part of its own by which it is early').toBe(names.length)
  await world.sql('delete from rotation_order where account_id = any($1)', [[world.deploy.id, world.root.id]])
  await world.sql(
    "update account_care set rotated_at = now() + interval '10 years', verified_at = now() + interval '10 years' where account_id = any($1)",
    [[world.deploy.id, world.root.id]],
  )
  await work()
  await keepUp(deps)
  expect(await openOrders(), 'done: reckoned anew').toEqual([])
})

test('an age of its own is within bounds, also for whoever writes to the database', async () => {
  must(await changePlan(deps, { account: id('app'), maxAgeSeconds: 3600, by: world.carol.id }))
  await expect(changePlan(deps, { account: id('app'), maxAgeSeconds: 40_000_000, by: world.carol.id })).rejects.toThrow('bounded')
  world.later(hour)
  await keepUp(deps)
  expect(await openOrders()).toEqual([{ name: 'app', trigger: 'schedule' }])
  await work()
  must(await changePlan(deps, { account: id('app'), maxAgeSeconds: null, by: world.carol.id }))
})

test('an account that somebody works with is left alone by its age, for a day at most', async () => {
  const { deploy, alice, bob } = world
  const ordered = async (): Promise<boolean> => {
    await keepUp(deps)
    const orders = await world.sql('delete from rotation_order where account_id = $1 returning id', [deploy.id])
    return orders.length > 0
  }
  const rotatedBefore = async (ms: number) =>
    await world.sql('update account_care set max_age_seconds = 3600, rotated_at = $2 where account_id = $1', [
      deploy.id,
      new Date(world.clock.now().getTime() - ms),
    ])
  const { grant } = await granted(world, alice, deploy, bob)
  await rotatedBefore(2 * hour)
  expect(await ordered()).toBe(false)
  await rotatedBefore(26 * hour)
  expect(await ordered()).toBe(true)
  await rotatedBefore(2 * hour)
  await world.sql("update access_grant set state = 'ended', ended_at = $2 where id = $1", [grant.id, world.clock.now()])
  expect(await ordered()).toBe(true)
  await world.sql("update account_care set max_age_seconds = null, rotated_at = now() + interval '10 years' where account_id = $1", [
    deploy.id,
  ])
})

test('each credential is tried once a day, and one that was changed outside is refused once, alarmed, and reset', async () => {
  world.later(day)
  logins = []
  expect((await keepUp(deps)).verified).toBe(names.length)
  expect((await keepUp(deps)).verified).toBe(0)
  expect(logins.filter((l) => l.ok)).toHaveLength(names.length)
  passwords.set('app2', ['changed behind our back'])
  world.later(day)
  await keepUp(deps)
  expect(await openOrders()).toEqual([{ name: 'app2', trigger: 'drift' }])
  expect(await alarms('alarm.credential_drift')).toMatchObject([
    { fields: { account: id('app2'), seen: 'target.login_refused', during: 'verification' } },
  ])
  await work()
  expect(must(await verifyAccount(deps, { account: id('app2'), by: world.carol.id }))).toMatchObject([{ code: null }])
})

test('a credential that the target refused is not tried again by the server itself, and by a person it is', async () => {
  await world.sql('update target set reconciler = reconciler where id = $1', [target])
  passwords.set('app3', ['changed once more'])
  world.later(day)
  await keepUp(deps)
  await world.sql("delete from rotation_order where state = 'waiting'")
  logins = []
  world.later(day)
  await keepUp(deps)
  expect(logins.filter((l) => l.account === 'app3')).toEqual([])
  expect(must(await verifyAccount(deps, { account: id('app3'), by: world.carol.id }))).toMatchObject([{ code: 'target.login_refused' }])
  expect(await alarms('alarm.credential_drift')).toHaveLength(2)
  must(
    await orderRotation({ ...deps, whenAccountStops }, { account: id('app3'), trigger: 'on-demand', reason: 'a test', by: world.carol.id }),
  )
})

test('where the target accepts the old one for a while the rotation says until when, and the old one is tried after that', async () => {
  oldValidMs = hour
  const rotate = (name: string) =>
    orderRotation({ ...deps, whenAccountStops }, { account: id(name), trigger: 'on-demand', reason: 'a test', by: world.carol.id })
  must(await rotate('app'))
  const row = async () =>
    (
      await world.sql("select * from rotation where account_id = $1 and state = 'done' order by started_at desc limit 1", [id('app')])
    )[0] as Row
  expect(await row()).toMatchObject({ state: 'done', old_refused_at: null, error: null })
  expect((await row()).old_valid_until).toBeInstanceOf(Date)
  expect((await keepUp(deps)).old).toBe(0)
  world.later(hour + 1_000)
  expect((await keepUp(deps)).old).toBe(1)
  expect(await row()).toMatchObject({ error: 'rotation.old_still_works' })
  expect(await alarms('alarm.old_credential_works')).toMatchObject([{ fields: { account: id('app') } }])
  must(await rotate('app'))
  world.later(hour + 1_000)
  passwords.set('app', (passwords.get('app') ?? []).slice(0, 1))
  expect((await keepUp(deps)).old).toBe(1)
  expect((await row()).old_refused_at).toBeInstanceOf(Date)
  expect((await keepUp(deps)).old, 'once').toBe(0)
  oldValidMs = 0
  for (const name of names) passwords.set(name, (passwords.get(name) ?? []).slice(0, 1))
})

test('several are ordered at once, and what may be in other hands ends in the same act', async () => {
  const stopped: string[] = []
  const many = (choice: Parameters<typeof orderMany>[1]['choice'], compromised = false) =>
    orderMany(
      {
        ...deps,
        async whenAccountStops(_act, account) {
          stopped.push(account)
          return ok(undefined)
        },
      },
      { choice, compromised, reason: 'a test', by: world.carol.id },
    )
  expect(await many({ by: 'touched', person: world.bob.id })).toMatchObject({ ok: false, error: { code: 'rotation.nobody_chosen' } })
  const { batch, accounts } = must(await many({ by: 'target', name: 'memory' }, true))
  expect([accounts, stopped.length]).toEqual([names.length, names.length])
  expect(await showBatch(world.db, batch)).toMatchObject({ accounts: names.length, done: 0, held: 0 })
  await work()
  expect(await showBatch(world.db, batch)).toMatchObject({ accounts: names.length, done: names.length })
  const two = must(await many({ by: 'accounts', ids: [id('app'), id('app2')] }))
  expect(two).toMatchObject({ accounts: 2 })
  expect(stopped).toHaveLength(names.length)
  await work()
  const all = await showBatches(world.db, { limit: 10 })
  expect(all.map((b) => [b.id, b.accounts])).toEqual([
    [two.batch, 2],
    [batch, names.length],
  ])
  expect((await showBatches(world.db, { after: two.batch, limit: 10 })).map((b) => b.id)).toEqual([batch])
})

test('what somebody was only shown counts as touched by them', async () => {
  const { bob } = world
  await world.sql(
    `with r as (insert into access_request (id, requester_id, account_id, action, reason, seconds, obligations, digest, state, created_at, expires_at, revision, mac)
       values ('req_touched000', $1, $2, 'reveal', 'x', 60, '{}', repeat('0', 64), 'approved', now(), now(), 1, '\\x00')),
     g as (insert into access_grant (id, request_id, person_id, account_id, action, starts_at, ends_at, state, ended_at, chain_id, epoch, revision, mac)
       values ('grt_touched000', 'req_touched000', $1, $2, 'reveal', now(), now() + interval '1 minute', 'ended', now(), 'grt_touched000', 1, 1, '\\x00'))
     insert into reveal (id, grant_id, person_id, account_id, credential, version, at, state, revision, mac)
       values ('rvl_touched000', 'grt_touched000', $1, $2, 'password', 1, now(), 'shown', 1, '\\x00')`,
    [bob.id, id('app3')],
  )
  const chosen = await orderMany(
    { ...deps, whenAccountStops },
    { choice: { by: 'touched', person: bob.id }, compromised: false, reason: 'bob left', by: world.carol.id },
  )
  expect(must(chosen)).toMatchObject({ accounts: 1 })
  expect((await openOrders()).map((o) => o.name)).toEqual(['app3'])
  await work()
})

test('the plan says how many fall due on which day, and the care of one account when that is', async () => {
  const at = world.clock.now()
  const only = names.length
  const plan = await showPlan(world.db, at, 400, deps)
  const due = plan.days.reduce((sum, d) => sum + d.rotations, 0)
  // all of this target were replaced a moment ago; the world's own accounts were put off for ten years
  expect([plan.overdue, due, plan.later]).toEqual([0, only, 2])
  expect(plan.days.slice(0, 80).every((d) => d.rotations === 0)).toBe(true)
  expect(plan.days.slice(80, 91).reduce((sum, d) => sum + d.rotations, 0)).toBe(only)
  expect(plan).toMatchObject({ drifted: 0, held: 0, hours: 24, windows: [] })
  const care = await showCare(world.db, id('app'), deps.ages)
  expect(care).toMatchObject({ ageSeconds: (90 * day) / 1000, maxAgeSeconds: null, health: [{ credential: 'password', refused: [] }] })
  const age = Date.parse(care?.dueAt ?? '') - Date.parse(care?.rotatedAt ?? '')
  expect(age).toBeGreaterThanOrEqual(81 * day)
  expect(age).toBeLessThanOrEqual(90 * day)
  expect(plan.next[0]?.dueAt).toBe(plan.next.map((n) => n.dueAt).toSorted()[0])

  must(await changePlan(deps, { account: id('app'), maxAgeSeconds: 3600, by: world.carol.id }))
  world.later(day)
  expect(await showPlan(world.db, world.clock.now(), 30, deps)).toMatchObject({
    overdue: 1,
    next: [{ account: { name: 'app' } }, {}, {}, {}, {}, {}, {}],
  })
  must(await changePlan(deps, { account: id('app'), maxAgeSeconds: null, by: world.carol.id }))
  expect(await showCare(world.db, 'acc_none000000', deps.ages)).toBeUndefined()
})

test('the secret of a verification leaves for its own intent alone', async () => {
  const [entry] = (await world.entries()).filter((e) => e.act === 'verification.begun') as unknown as { id: string }[]
  const ask = (intent: string, account: AccountId) => world.keeper.ask('verificationSecret', { account, credential: 'password', intent })
  // over: it has an outcome
  expect(await ask(String(entry?.id), id('app'))).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
  expect(await ask('ent_none000000', id('app'))).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
})
