import { chownSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorityNamed, type Door, openDoor } from '../../gateways/postgres/test/open-door.ts'
import { granted, session } from '../../keeper/test/access.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { certificateFingerprint } from '../../platform/crypto/certificate.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { reload } from '../../platform/postgres-server/reload.fixture.ts'
import { clientAuthority } from '../../platform/tls/client-authority.fixture.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { discoverTarget } from '../inventory/discover-target.ts'
import { createKinds } from '../inventory/index.ts'
import { attemptOrder } from '../rotation/attempt-order.ts'
import { beginCare, oldEnough } from '../rotation/care.store.ts'
import { changePlan } from '../rotation/change-plan.ts'
import { putOrder } from '../rotation/order.store.ts'
import { orderMany } from '../rotation/order-many.ts'
import { orderRotation } from '../rotation/order-rotation.ts'
import { showCare, showPlan } from '../rotation/plan.view.ts'
import { reconcileAccount } from '../rotation/reconcile-account.ts'
import { rotateAccount } from '../rotation/rotate-account.ts'
import { rotateAfterGrant } from '../rotation/rotation.module.ts'
import { verifyAccount } from '../rotation/verify-account.ts'
import { type Brought, depositCredential, settleDeposits } from './deposit-credential.ts'
import { showReport } from './report.view.ts'

/* A certificate that an administrator brings in for an account of a real PostgreSQL, which lets that account in by nothing else. */

let world: World
let door: Door
let target: ReturnType<World['target']>
let deps: Parameters<typeof depositCredential>[0] & Record<string, unknown>
let account: AccountId
/** Seen there by discovery, and taken over by nobody. */
let found: AccountId
const authority = authorityNamed('databases of the house')
const clients = clientAuthority('people of the house')
const own = authority.issue()
const rolesPassword = 'createrole, and nothing else'

beforeAll(async () => {
  ;[world, door] = await Promise.all([openWorld(), openDoor()])
  const [at] = await door.sql<{ hba: string }>(`select current_setting('hba_file') as hba`)
  const { uid, gid } = statSync(String(at?.hba))
  for (const [name, content] of Object.entries({ cert: own.certificate, key: own.privateKey, ca: clients.ca })) {
    const file = join(dirname(String(at?.hba)), `own.${name}`)
    writeFileSync(file, content, { mode: 0o600 })
    chownSync(file, uid, gid)
    await door.sql(`alter system set ssl_${name}_file = '${file}'`)
  }
  writeFileSync(String(at?.hba), 'hostssl all app_admin,ledger_admin,books_admin all cert\nhost all postgres,roles all scram-sha-256\n')
  await door.sql('create role ledger_admin login superuser')
  await door.sql(`create role roles login createrole password '${rolesPassword}'`)
  await door.sql('create role books_admin login createrole')
  await door.sql('grant books_admin to roles with admin option')
  await door.sql('alter system set ssl = on')
  await reload(door.sql)
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  deps = { ...world, kinds: createKinds(targetKinds, dial), now: world.clock.now }
  target = world.target('orders', {
    ...{ kind: 'postgres', manager: 'app_admin', tier: 2 },
    settings: { host: '127.0.0.1', port: door.server.connection.port, tls: 'verify', ca: authority.ca },
    identity: { proof: 'tls-certificate', certificate: certificateFingerprint(own.certificate) },
  })
  const [row] = (await world.added(target, 'app_admin')) as unknown as [{ id: AccountId }]
  account = row.id
  const seen = world.account(target, 'ledger_admin', { credentials: [] })
  must(await world.write([{ kind: 'account', revision: 1, row: seen }], world.setup))
  found = seen.id
})
afterAll(async () => {
  await world?.close()
  await door?.[Symbol.asyncDispose]()
})

const bytes = (text: string) => new TextEncoder().encode(text)
const bring = (text: string, over: Partial<Brought> = {}, who = world.carol, by = deps) => {
  const brought = {
    target: target.id as TargetId,
    account: 'app_admin',
    kind: 'tls' as const,
    bytes: bytes(text),
    name: undefined,
    tier: undefined,
  }
  return depositCredential(by, { person: who.id, code: who.code() }, { ...brought, ...over })
}
const inVault = async (of = account) =>
  (await world.sql('select what, version, state from vault.secret_version where owner_id = $1', [of])).length
/** What a server has that dies when it asks the keeper for this, at once or once it asked for something else. */
const dyingAt = (operation: string, after?: string): typeof deps => {
  let armed = after === undefined
  const ask = async (...given: Parameters<World['keeper']['ask']>) => {
    if (armed && given[0] === operation) throw new Error('the server died')
    armed ||= given[0] === after
    return await world.keeper.ask(...given)
  }
  return { ...deps, keeper: { ...world.keeper, ask: ask as World['keeper']['ask'] } }
}
const settled = () => settleDeposits({ ...deps, now: () => new Date(world.clock.now().getTime() + 3600_000) })
const said = async (act: string) => (await world.entries()).filter((e) => e.act === act).map((e) => e.fields)

describe('a certificate for an account that Claviger reaches', () => {
  test('that the target does not take, that is over, or that has a passphrase, is not kept', async () => {
    expect(await bring(clientAuthority('somebody else').certify('app_admin'))).toMatchObject({ error: { code: 'target.login_refused' } })
    expect(await bring(clients.certify('somebody'))).toMatchObject({
      error: { code: 'target.login_refused', why: expect.stringContaining('The name in it has to be the role’s') },
    })
    expect(await bring(clients.certify('app_admin', -1_000))).toMatchObject({ error: { code: 'target.certificate_unusable' } })
    const locked = clients.certify('app_admin').replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY')
    expect(await bring(locked)).toMatchObject({
      error: { code: 'vault.unreadable', why: expect.stringMatching(/passphrase\. Take it away first/) },
    })
    expect(await inVault()).toBe(0)
    expect((await said('vault.not_brought')).map((fields) => fields.code)).toEqual([
      ...['target.login_refused', 'target.login_refused', 'target.certificate_unusable'],
    ])
  })

  test('that the target does not take leaves its account as it was: one that was only found is not taken over by that', async () => {
    const before = [await world.vouched('account', found), await world.vouched('account', account)]
    expect(before).toMatchObject([
      { state: 'found', credentials: [] },
      { state: 'managed', credentials: ['password'] },
    ])
    for (const name of ['ledger_admin', 'app_admin'])
      expect(await bring(clientAuthority('somebody else').certify(name), { account: name })).toMatchObject({
        error: { code: 'target.login_refused' },
      })
    expect([await world.vouched('account', found), await world.vouched('account', account)]).toEqual(before)
    expect(await inVault(found)).toBe(0)
  })

  test('ends nobody’s watching of an account, and nobody’s hold', async () => {
    const row = await world.vouched('account', found)
    const head = () => (world.inside.context.notary.head('account', found)?.revision ?? 0) + 1
    const become = async (over: Record<string, unknown>) =>
      must(await world.write([{ kind: 'account', revision: head(), row: { ...row, ...over } }], world.stepUp(world.carol)))
    await become({ observed_since: world.clock.now() })
    const good = () => bring(clients.certify('ledger_admin'), { account: 'ledger_admin' })
    expect(await good()).toMatchObject({ error: { code: 'keeper.not_authorised', message: expect.stringMatching(/observe --end/) } })
    await become({ state: 'held' })
    expect(await good()).toMatchObject({ error: { code: 'vault.not_by_hand' } })
    await become({})
    expect(await inVault(found)).toBe(0)
  })

  test('that a server which died was about to hand over is not there, and its account is as it was', async () => {
    const before = await world.vouched('account', found)
    await expect(bring(clients.certify('ledger_admin'), { account: 'ledger_admin' }, world.carol, dyingAt('deposit'))).rejects.toThrow(
      'died',
    )
    await settled()
    expect((await said('vault.not_brought')).at(-1)).toMatchObject({ account: found, code: 'vault.cut_off' })
    expect(await world.vouched('account', found)).toEqual(before)
    expect(await inVault(found)).toBe(0)
  })

  test('that a server which died had handed over makes its account managed all the same, once that is looked after', async () => {
    const by = dyingAt('attest', 'deposit')
    await expect(bring(clients.certify('ledger_admin'), { account: 'ledger_admin' }, world.carol, by)).rejects.toThrow('died')
    expect(await world.vouched('account', found)).toMatchObject({ state: 'found', credentials: [] })
    expect(await inVault(found)).toBe(1)
    await settled()
    expect(await world.vouched('account', found)).toMatchObject({ state: 'managed', credentials: ['tls'] })
    expect((await said('vault.brought')).at(-1)).toMatchObject({ account: found, credential: 'tls', version: 1 })
  })

  test('is for no account for emergencies, not even before its account says that it has one', async () => {
    const row = await world.vouched('account', found)
    const revision = (world.inside.context.notary.head('account', found)?.revision ?? 0) + 1
    const marked = { ...row, credentials: [], break_glass: true }
    expect(await world.write([{ kind: 'account', revision, row: marked }], world.stepUp(world.carol))).toMatchObject({
      error: { code: 'keeper.not_authorised', message: expect.stringMatching(/certificate that was brought in/) },
    })
  })

  test('is brought in by administrators alone, for what was found there, and nothing else is', async () => {
    const good = clients.certify('app_admin')
    for (const who of [world.alice, world.bob])
      expect(await bring(good, {}, who)).toMatchObject({ error: { code: 'keeper.not_authorised' } })
    expect(await bring(good, { account: 'nobody_saw_this' })).toMatchObject({ error: { code: 'vault.not_found' } })
    expect(await bring('hunter2', { kind: 'password' })).toMatchObject({ error: { code: 'vault.reached' } })
    expect(await bring('{}', { kind: 'json' })).toMatchObject({ error: { code: 'vault.reached' } })
    expect(await inVault()).toBe(0)
  })

  test('is tried there and kept; from then on sessions, looks and discovery log in with it', async () => {
    const good = clients.certify('app_admin')
    expect(must(await bring(good))).toMatchObject({ credential: 'tls', version: 1, about: { subject: 'CN=app_admin' } })
    expect(await world.vouched('account', account)).toMatchObject({ state: 'managed', credentials: expect.arrayContaining(['tls']) })

    const { grant } = await granted(world, world.alice, await world.vouched('account', account), world.bob, target)
    const { presence } = await world.present(world.alice)
    const opened = session(world, grant)
    must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
    const released = must(await world.gateway.ask('release', { grant: grant.id, session: opened.id, presence }))
    expect(released).toMatchObject({ credential: 'tls', version: 1, account: 'app_admin' })
    expect(await released.payload?.use('recognise', (b) => Buffer.from(b).toString())).toBe(good)

    expect(must(await verifyAccount(deps as never, { account, by: world.carol.id }))).toEqual([
      { credential: 'tls', version: 1, code: null },
    ])
    must(await discoverTarget(deps as never, world.carol.id, target.id as TargetId))
    expect(await world.vouched('account', account)).toMatchObject({ credentials: ['password', 'tls'] })
    const report = must(await showReport(world.db, world.keeper, { find: 'expiring', days: 90, within: 30, limit: 10 }))
    expect(report.credentials.filter((one) => one.account.id === account)).toMatchObject([{ credential: 'tls', version: 1 }])
  })

  test('is no account for emergencies any more, and nothing rotates it: the sentence says what to do', async () => {
    const row = await world.vouched('account', account)
    const marked = { kind: 'account' as const, revision: Number(row.revision ?? 0) + 1, row: { ...row, break_glass: true } }
    expect(await world.write([marked], world.stepUp(world.carol))).toMatchObject({ ok: false })
    const alone = { ...row, credentials: ['tls'], revision: (world.inside.context.notary.head('account', account)?.revision ?? 0) + 1 }
    must(await world.write([{ kind: 'account', revision: alone.revision, row: alone }], world.stepUp(world.carol)))
    const order = { account, trigger: 'on-demand', reason: 'a test', by: world.carol.id } as const
    expect(await rotateAccount(deps as never, order)).toMatchObject({ error: { code: 'rotation.brought_in', account: 'app_admin' } })
  })

  test('alone is what nothing of ours replaces: not at a word, not after use, not by age, and nothing is ordered that could never be done', async () => {
    const orders = { ...deps, retryMs: 1, whenAccountStops: () => Promise.reject(new Error('nothing ends')) } as never
    const { id: by } = world.carol
    const refused = { ok: false, error: { code: 'rotation.brought_in', account: 'ledger_admin' } }
    for (const trigger of ['on-demand', 'compromise'] as const)
      expect(await orderRotation(orders, { account: found, trigger, reason: 'a test', by })).toMatchObject(refused)
    expect(await reconcileAccount(orders, { account: found, reason: 'a test', by })).toMatchObject(refused)
    expect(await changePlan(orders, { account: found, maxAgeSeconds: 86_400, by })).toMatchObject(refused)
    must(await changePlan(orders, { account: found, maxAgeSeconds: null, by }))
    const one = { choice: { by: 'accounts', ids: [found] }, compromised: false, reason: 'a test', by } as const
    expect(await orderMany(orders, one)).toMatchObject({ error: { code: 'rotation.nobody_chosen' } })
    const ages = { serviceMs: 1, humanMs: 1, verifyMs: 1 }
    const at = world.clock.now()
    const due = await world.db.transaction().execute(async (tx) => {
      await rotateAfterGrant(tx, { id: 'grt_of_nobody', account_id: found, wasHeld: true }, at)
      await beginCare(tx, at, ages)
      return await oldEnough(tx, new Date(at.getTime() + 366 * 86_400_000), ages, 100)
    })
    expect(due).toContain(world.deploy.id)
    expect(due).not.toContain(found)
    expect(await showCare(world.db, found, ages)).toMatchObject({ dueAt: null, tryAt: expect.any(String) })
    const { next } = await showPlan(world.db, at, 30, { ages, windows: [] })
    expect(next.map((n) => n.account.id)).not.toContain(found)
    const ordered = () => world.sql('select state, failures from rotation_order where account_id = $1', [found])
    expect(await ordered()).toEqual([])
    // one that was ordered when it had a password still is over, and nobody is alarmed
    const reason = 'before it had none'
    const old = await world.db
      .transaction()
      .execute((tx) => putOrder(tx, { account: found, trigger: 'check-in', reason, by: null, at, due: at }))
    expect(await attemptOrder(orders, { id: old.id, target: target.id as TargetId })).toMatchObject({ value: { did: 'failed' } })
    expect(await ordered()).toEqual([{ state: 'done', failures: 0 }])
    expect(await said('alarm.rotation_failed')).toEqual([])
  })

  test('is what its account goes on with, where a manager that sees no passwords took it to have one as well', async () => {
    const books = world.target('books', {
      kind: 'postgres',
      manager: 'roles',
      tier: 2,
      settings: target.settings,
      identity: target.identity,
    })
    const [manager] = (await world.added(books, 'roles')) as unknown as [{ id: AccountId }]
    const secret = Secret.fromText(rolesPassword)
    must(await world.keeper.ask('storeCredential', { account: manager.id, credential: 'password', public: null }, secret))
    const look = async () => must(await discoverTarget(deps as never, world.carol.id, books.id as TargetId))
    await look()
    const [row] = await world.sql(`select id from account where target_id = $1 and name = 'books_admin'`, [books.id])
    const id = row?.id as AccountId
    const now = () => world.vouched('account', id)
    expect(await now()).toMatchObject({ state: 'found', credentials: ['password'] })
    must(await bring(clients.certify('books_admin'), { target: books.id as TargetId, account: 'books_admin' }))
    await look()
    expect(await now()).toMatchObject({ state: 'managed', credentials: ['password', 'tls'] })

    // what a grant leaves behind
    const orders = { ...deps, retryMs: 1 } as never
    const at = world.clock.now()
    const ordered = { account: id, trigger: 'check-in', reason: 'a grant ended', by: null, at, due: at } as const
    const order = await world.db.transaction().execute((tx) => putOrder(tx, ordered))
    expect(must(await attemptOrder(orders, { id: order.id, target: books.id as TargetId }))).toMatchObject({
      did: 'failed',
      error: { code: 'rotation.not_asked_for', account: 'books_admin' },
      order: { state: 'done', failures: 0 },
    })
    expect((await said('rotation.failed')).at(-1)).toMatchObject({ account: id, step: 'verify', code: 'rotation.not_asked_for' })
    expect(await now()).toMatchObject({ state: 'managed', credentials: ['tls'] })
    expect([await said('alarm.rotation_failed'), await said('alarm.account_held')]).toEqual([[], []])
    const works = [{ credential: 'tls', version: 1, code: null }]
    expect(must(await verifyAccount(deps as never, { account: id, by: world.carol.id }))).toEqual(works)
    // and nobody takes it to have one again
    await look()
    expect(await now()).toMatchObject({ credentials: ['tls'] })
    expect(await rotateAccount(deps as never, { account: id, trigger: 'on-demand', reason: 'a test', by: world.carol.id })).toMatchObject({
      error: { code: 'rotation.brought_in' },
    })
  })

  test('is shown to no impostor at its address, which is an alarm', async () => {
    const other = authority.issue()
    const hba = String((await door.sql<{ hba: string }>(`select current_setting('hba_file') as hba`))[0]?.hba)
    for (const [name, content] of Object.entries({ cert: other.certificate, key: other.privateKey }))
      writeFileSync(join(dirname(hba), `own.${name}`), content)
    await reload(door.sql)
    expect(await bring(clients.certify('app_admin'))).toMatchObject({ error: { code: 'target.impostor' } })
    expect(await said('alarm.impostor')).toMatchObject([{ target: target.id, during: 'bringing in' }])
    expect(await inVault()).toBe(1)
  })
})
