import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askDigest } from '../../../../../cli/src/verify/ask-digest.ts'
import { findInFiles, formsOf } from '../../../../../test/support/planted.ts'
import { until } from '../../../../../test/support/until.ts'
import { type Admitted, type How, type QueryAsked, takenBack } from '../../../gateways/contract.ts'
import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import { destructionOfRecording } from '../../../keeper/facts/retention.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { createSessionHost, type Host, recoverSessions, type SessionHostDeps } from '../index.ts'
import { endSession, orderSession } from '../live/order-session.ts'
import { showAsks } from './asks.view.ts'
import { decideAsk } from './decide-ask.ts'
import { createHolding } from './hold-act.ts'

let world: World
let pool: pg.Pool
let deps: SessionHostDeps
let host: Host
let files: Awaited<ReturnType<typeof filesSession>>
let alice: Admitted
let grant: string

beforeAll(async () => {
  world = await openWorld()
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 6)
  const db = openDb(pool)
  const { clock, gateway } = world
  deps = {
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{ reachable: { ssh: ['linux-ssh'], postgres: ['postgres'], mysql: [] }, rotationMs: 20_000 },
    ...{ limits: { idleSeconds: 28_800, longestSeconds: 28_800 }, log: () => undefined, decide: createDecide(gateway) },
    ...{ shortestSeconds: 20, connects: () => true, console: 'http://localhost' },
  }
  host = createSessionHost(deps)
  const of = { account: world.deploy.id, credential: 'password', public: null } as const
  must(await world.keeper.ask('storeCredential', of, Secret.fromText('the injected password')))
  for (const action of ['run', 'transfer'])
    await policy(`ask-${action}`, `@act("ask") permit (principal, action == Action::"${action}", resource);`)
  await policy(
    'ask-delete',
    '@act("ask") permit (principal, action == Action::"query", resource) when { context.verbs.contains("delete") };',
  )
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

const policy = async (name: string, text: string) => {
  const row = { id: newId('pol'), name, text, state: 'active', created_at: world.clock.now() }
  must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
}

const ordering = () => ({ db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now })
const officer = async () => ({ person: world.carol.id, ...(await world.present(world.carol)) })

beforeEach(async () => {
  const given = await granted(world, world.alice, world.deploy, world.bob)
  grant = String(given.grant.id)
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  alice = { person: world.alice.id, attempt, admitted: true, presence }
  files = await filesSession()
})

const open = async (how: How, meanwhile = {}) => await host.open(alice, { id: grant as never, remainingMs: 3_600_000 }, how, meanwhile)

/** A session of files, in which somebody fetches one: what they were told, and what came of it. */
async function filesSession(by: Host = host, under = grant) {
  const live = must(await by.open(alice, { id: under as never, remainingMs: 3_600_000 }, { kind: 'files' }))
  return {
    id: live.id,
    live,
    async get(path: string, signal?: AbortSignal) {
      const told: string[] = []
      const before = await countWaiting()
      const came = live.judgeFile?.({ op: 'get', path, bytes: 0 }, { tell: (sentence) => told.push(sentence), ...(signal && { signal }) })
      if (!came) throw new Error('policy looks at files')
      await until('the act to wait', async () => told.length > 0 && (await countWaiting()) > before)
      return { told, came, ask: await rowOf(/\((ask_\w+)\)/.exec(told[0] ?? '')?.[1] ?? '') }
    },
  }
}
const countWaiting = async () => (await world.sql("select count(*)::int as n from session_ask where state = 'waiting'"))[0].n as number
type Someone = Parameters<World['stepUp']>[0]
type Filter = Parameters<typeof showAsks>[3]
const presences = new Map<string, string>()
/** As somebody who is signed in is shown them. */
const shownTo = async (who: Someone, groups: string[], filter: Omit<Filter, 'limit'> & { limit?: number }) => {
  const presence = presences.get(who.id) ?? (await world.present(who)).presence
  presences.set(who.id, presence)
  const viewer = { person: who.id, groups, presence }
  return must(await showAsks({ db: world.db, keeper: world.keeper }, viewer, world.clock.now(), { limit: 100, ...filter }))
}
const waiting = async () => await shownTo(world.bob, ['approvers'], { view: 'inbox' })
const columns = 'id, session_id, person_id, account_id, action, sealed, digest, asked_at, expires_at, state, decided_by, revision, mac'
const rowOf = async (id: string) =>
  (await world.sql(`select ${columns} from session_ask where id = $1`, [id]))[0] as Row & {
    id: string
    mac: Buffer
    sealed: Buffer
    revision: number
  }
const stateOf = async (id: string) => (await rowOf(id)).state
const apiDeps = () => ({ audit: world.audit, keeper: world.keeper, now: world.clock.now })
const allow = async (ask: Row, by: Someone, digest = String(ask.digest)) =>
  await decideAsk(apiDeps(), String(ask.id), by.id, { verdict: 'allowed', digest, code: by.code(), comment: null })
const refuse = async (ask: Row, by: Someone, reason: string) =>
  await decideAsk(apiDeps(), String(ask.id), by.id, { verdict: 'refused', presence: (await world.present(by)).presence, reason })
/** As the database says that something changed. */
const heard = () => host.attend(files.id)
const about = async (ask: string) =>
  ((await world.entries()) as unknown as { act: string; by: string | null; phase: string; fields: Row }[]).filter(
    (e) => e.fields.ask === ask,
  )
const code = (value: unknown) => (value as { error?: { code: string } }).error?.code

describe('an act on which somebody else decides', () => {
  test('waits, says what is held and who is asked, and passes once when another person allowed it', async () => {
    const { told, came, ask } = await files.get('/srv/report')
    expect(told[0]).toMatch(
      /^This transfer is held until somebody else allows it \(ask_\w+\)\. Asked: bob, carol, erin \(approvers or security\)\. They have 5m/,
    )
    const [shown] = await waiting()
    expect(shown).toMatchObject({
      ...{ id: ask.id, session: files.id, account: 'deploy', target: 'web01', door: 'ssh', state: 'waiting', blocked: null },
      act: { action: 'transfer', op: 'get', direction: 'down', path: '/srv/report', bytes: 0, until: null },
    })
    expect(await allow(ask, world.bob)).toMatchObject({ ok: true })
    heard()
    expect(await came).toEqual({ ok: true, value: { until: null, asked: true } })
    expect(told[1]).toBe('Allowed by bob.')
    expect((await about(ask.id)).map((e) => [e.act, e.by])).toEqual([
      ['session.act_asked', world.alice.id],
      ['session.act_allowed', world.bob.id],
      ['session.act_passed', world.alice.id],
    ])
    // the next one is another act
    const again = await files.get('/srv/report')
    expect(again.ask.id).not.toBe(ask.id)
    await refuse(again.ask, world.carol, 'not today')
    heard()
    expect(await again.came).toMatchObject({ ok: false, error: { say: 'carol refused this: not today. It was not done.' } })
    expect((await about(again.ask.id)).map((e) => e.act)).toEqual(['session.act_asked', 'session.act_denied'])
  })

  test('as a command is held before any credential is released for it, and reached by what ends its session', async () => {
    const told: string[] = []
    const meanwhile = { tell: (sentence: string) => void told.push(sentence) }
    const held = open({ kind: 'exec', command: 'systemctl restart nginx' }, meanwhile)
    await until('the act to wait', () => told.length > 0)
    const [shown] = await waiting()
    expect(shown?.act).toEqual({ action: 'run', command: 'systemctl restart nginx' })
    expect((await world.entries()).filter((e) => e.fields.session === shown?.session).map((e) => e.act)).toEqual([
      'session.opening',
      'session.act_asked',
    ])
    await allow(await rowOf(String(shown?.id)), world.bob)
    host.attend(String(shown?.session))
    await must(await held).ended({ reason: 'closed' })

    const other = open({ kind: 'exec', command: 'reboot' }, meanwhile)
    await until('it to come about', async () => (await waiting()).length > 0)
    const [second] = await waiting()
    // what says that its end was ordered and is no order ends nothing
    host.endOrdered(String(second?.session))
    must(await endSession(ordering(), String(second?.session), 'not now', await officer()))
    host.endOrdered(String(second?.session))
    expect(await other).toMatchObject({ ok: false, error: { say: expect.stringContaining('session ended') } })
    expect((await about(String(second?.id))).at(-1)).toMatchObject({ act: 'session.act_lapsed', fields: { why: 'session_over' } })
  })
})

test('whoever looks reads who is asked and whether they may; what others decide on does not push their own out of sight', async () => {
  const care = world.target('care01', { scopes: ['phi'] })
  const [nurse] = await world.added(care, 'nurse')
  if (!nurse) throw new Error('no account')
  must(await world.keeper.ask('storeCredential', { account: nurse.id, credential: 'password', public: null }, Secret.fromText('x')))
  const given = await granted(world, world.alice, nurse, world.carol, care, { itsm_ticket: 'CHG0000001' })
  const there = await filesSession(host, String(given.grant.id))
  const [mine, of] = [await files.get('/srv/report'), await there.get('/srv/a')]
  expect(mine.told[0]).toContain('Asked: bob, carol, erin (approvers or security).')
  expect(of.told[0]).toContain('Asked: carol (security).')

  const seen = async (who: Someone, groups: string[], view: 'inbox' | 'waiting', after?: string) =>
    (await shownTo(who, groups, { view, limit: 1, after })).map((one) => ({
      ...{ id: one.id, may: one.mayDecide, blocked: one.blocked, asked: one.asked },
    }))
  const onWeb = { id: mine.ask.id, asked: { groups: ['approvers', 'security'], names: ['bob', 'carol', 'erin'], more: 0 } }
  const onCare = { id: of.ask.id, asked: { groups: ['security'], names: ['carol'], more: 0 } }
  expect(await seen(world.bob, ['approvers'], 'waiting')).toEqual([{ ...onCare, may: false, blocked: 'not_an_approver' }])
  expect(await seen(world.bob, ['approvers'], 'inbox')).toEqual([{ ...onWeb, may: true, blocked: null }])
  expect(await seen(world.bob, ['approvers'], 'inbox', mine.ask.id)).toEqual([])
  expect(await seen(world.carol, ['security'], 'inbox')).toEqual([{ ...onCare, may: true, blocked: null }])
  expect(await seen(world.carol, ['security'], 'inbox', of.ask.id)).toEqual([{ ...onWeb, may: true, blocked: null }])
  expect(await seen(world.alice, ['engineers'], 'waiting')).toEqual([{ ...onCare, may: false, blocked: 'own' }])
  expect(await seen(world.alice, ['engineers'], 'inbox')).toEqual([])
  for (const live of [files.live, there.live]) await live.ended({ reason: 'closed' })
  for (const { came } of [mine, of]) expect(await came).toMatchObject({ ok: false })
})

/** A session of SQL on a target of its own, in which deleting is asked about. */
async function sqlSession(name: string) {
  const orders = world.target(name, { kind: 'postgres', environment: 'lab', tier: 2 })
  const [clerk] = await world.added(orders, 'clerk')
  if (!clerk) throw new Error('no account')
  must(await world.keeper.ask('storeCredential', { account: clerk.id, credential: 'password', public: null }, Secret.fromText('x')))
  const given = await granted(world, world.alice, clerk, world.bob, orders)
  const attempt = { ...alice.attempt, door: 'postgres' as const, account: 'clerk', target: name }
  const { presence } = await world.present(world.alice)
  const live = must(
    await host.open(
      { ...alice, attempt, presence },
      { id: given.grant.id as never, remainingMs: 3_600_000 },
      { kind: 'sql', database: 'shop' },
    ),
  )
  const judge = async (sql: string, how: Partial<QueryAsked> = {}) =>
    await live.judgeQuery?.({ dialect: 'postgres', sql, sure: true, ...how }, { tell: () => undefined })
  const run = async (sql: string, values: (string | null)[]) => {
    const came = judge(sql, { values })
    await until('the act to wait', async () => (await waiting()).length > 0)
    const [shown] = await waiting()
    return { came, shown, ask: await rowOf(String(shown?.id)) }
  }
  return { live, judge, run }
}

test('what is prepared is kept without anybody being asked, and asked about each time that it is run, with its values', async () => {
  const { live, judge, run } = await sqlSession('orders')
  const refused = { ok: false, error: { code: 'session.act_refused', say: expect.stringContaining('not by PREPARE and EXECUTE') } }
  const deleting = 'delete from people where name = $1'
  // nothing is kept yet that it could run
  expect(await judge('execute d(1)')).toEqual({ ok: true, value: undefined })
  expect(await judge(`prepare d as ${deleting}`)).toMatchObject(refused)
  expect(await judge(deleting, { kept: true })).toEqual({ ok: true, value: { each: true } })
  expect(await waiting()).toEqual([])
  for (const sql of ["execute d('x')", "explain analyze execute d('x')", "create table t as execute d('x')"])
    expect(await judge(sql)).toMatchObject(refused)

  const first = await run(deleting, ['alice', null])
  expect(first.shown?.act).toEqual({ action: 'query', database: 'shop', sql: deleting, values: ['alice', null] })
  must(await allow(first.ask, world.bob))
  host.attend(live.id)
  expect(await first.came).toEqual({ ok: true, value: undefined })
  // the same text with other values is another act; what is secret in it nobody reads
  const second = await run('delete from people where password = $1', ['hunter2'])
  expect(second.shown?.act).toMatchObject({ values: ['[masked]'] })
  expect(second.ask.digest).not.toBe(first.ask.digest)
  await refuse(second.ask, world.bob, 'no')
  host.attend(live.id)
  expect(await second.came).toMatchObject({ ok: false, error: { code: 'session.act_not_allowed' } })
  // longer than anybody reads, text and values together
  expect(await judge(deleting, { values: ['x'.repeat(16_380)] })).toMatchObject({ error: { say: expect.stringContaining('longer than') } })
  await live.ended({ reason: 'closed' })
})

describe('what is asked', () => {
  test('stands in no file of the database, whatever becomes of it', async () => {
    const typed = { statement: 'quaggastatement', value: 'quaggavalue', path: 'quaggapath', back: 'quaggaback', late: 'quaggalate' }
    const { live, run } = await sqlSession('quagga')
    const passed = await run(`delete from ${typed.statement} where name = $1`, [typed.value])
    expect(passed.shown?.act).toEqual({
      ...{ action: 'query', database: 'shop', sql: `delete from ${typed.statement} where name = $1`, values: [typed.value] },
    })
    must(await allow(passed.ask, world.bob))
    host.attend(live.id)
    expect(await passed.came).toMatchObject({ ok: true })
    await live.ended({ reason: 'closed' })
    const no = await files.get(`/srv/${typed.path}`)
    await refuse(no.ask, world.bob, 'no')
    heard()
    expect(await no.came).toMatchObject({ ok: false })
    const gone = new AbortController()
    const back = await files.get(`/srv/${typed.back}`, gone.signal)
    gone.abort()
    expect(await back.came).toMatchObject({ ok: false })
    const late = await files.get(`/srv/${typed.late}`)

    const needles = Object.fromEntries(Object.values(typed).flatMap((word) => Object.entries(formsOf(word, word))))
    const found = findInFiles(world.database.folder, needles)
    expect(found.read).toBeGreaterThan(1_000_000)
    expect(found.found).toEqual([])
    // what is looked for by this is found: the id of an ask, and the name of a database
    for (const known of [late.ask.id, 'quagga'])
      expect(findInFiles(join(world.database.folder, 'postgres'), { known: Buffer.from(known) }).found).not.toEqual([])
    await files.live.ended({ reason: 'closed' })
    expect(await late.came).toMatchObject({ ok: false })
  })

  test('is read by the person and by who oversees, each time from its own row, and its digest tells nobody else what it was', async () => {
    const [one, same] = [await files.get('/srv/report'), await files.get('/srv/report')]
    const readBy = async (who: Someone, groups: string[]) =>
      (await shownTo(who, groups, { view: 'all', session: files.id })).map(({ act }) => act?.action === 'transfer' && act.path)
    for (const [who, groups] of [
      [world.alice, ['engineers']],
      [world.bob, ['approvers']],
      [world.dave, ['auditors']],
      [world.carol, ['security']],
    ] as const)
      expect(await readBy(who, [...groups])).toEqual(['/srv/report', '/srv/report'])
    // what an auditor is shown is enough to see, without us, that the entries are about exactly this
    const shown = await shownTo(world.dave, ['auditors'], { view: 'all', session: files.id })
    for (const ask of shown) {
      const entries = await about(ask.id)
      expect(entries.map(({ fields }) => fields.digest)).toEqual([askDigest(ask)])
      expect(JSON.stringify(entries)).not.toContain('report')
    }
    expect(new Set(shown.map(({ digest }) => digest)).size).toBe(2)
    // neither what is the same nor what is guessed is seen by the digest or the bytes
    expect(one.ask.sealed.equals(same.ask.sealed)).toBe(false)
    expect(askDigest({ ...(shown[0] as (typeof shown)[number]), salt: '' })).not.toBe(shown[0]?.digest)

    const open = async (who: Someone, by = world.keeper) => {
      const { presence } = await world.present(who)
      return await by.ask('openAsked', { asks: [one.ask.id], presence })
    }
    const frank = await world.enrolled('frank', ['engineers'])
    expect(await open(frank)).toMatchObject({ ok: true, value: { asks: [{ id: one.ask.id, code: 'session.ask_not_yours' }] } })
    expect(code(await open(world.bob, world.gateway))).toBe('keeper.not_allowed')
    expect(code(await world.keeper.ask('openAsked', { asks: [one.ask.id], presence: 'x' }))).toBe('presence.invalid')
    expect(code(await world.keeper.ask('sealAsked', { id: one.ask.id, session: files.id, act: { action: 'run' } }))).toBe(
      'keeper.not_allowed',
    )
    await files.live.ended({ reason: 'closed' })
    for (const { came } of [one, same]) expect(await came).toMatchObject({ ok: false })
  })

  test('is the text that was sealed for this ask, or the keeper attests none', async () => {
    const { ask: other, came } = await files.get('/srv/report')
    const id = newId('ask')
    const at = world.clock.now()
    const sealed = async (act: Row) => {
      const given = must(await world.gateway.ask('sealAsked', { id, session: files.id, act: act as never }))
      return { sealed: Buffer.from(given.sealed, 'base64'), digest: given.digest }
    }
    const [mine, harmful] = [await sealed({ action: 'run', command: 'id' }), await sealed({ action: 'run', command: 'reboot' })]
    const asks = async (changed: Row) => {
      const row = {
        ...{ id, session_id: files.id, person_id: world.alice.id, account_id: world.deploy.id, action: 'run', ...mine },
        ...{ asked_at: at, expires_at: new Date(at.getTime() + 60_000), state: 'waiting', decided_by: null, ...changed },
      }
      return code(await attest(world.gateway, [{ kind: 'session_ask', revision: 1, row }], { by: 'system' }))
    }
    expect(await asks({})).toBeUndefined()
    for (const changed of [
      { sealed: harmful.sealed },
      { digest: harmful.digest },
      { sealed: other.sealed, digest: other.digest },
      { id: newId('ask') },
      { action: 'query' },
      { sealed: null },
      { sealed: Buffer.concat([mine.sealed.subarray(0, -1), Buffer.of(0)]) },
    ])
      expect(await asks(changed)).toBe('session.ask_altered')
    await files.live.ended({ reason: 'closed' })
    expect(await came).toMatchObject({ ok: false })
  })

  test('goes with the recording of its session', async () => {
    const { ask, came } = await files.get('/srv/report')
    await files.live.ended({ reason: 'closed' })
    expect(await came).toMatchObject({ ok: false })
    const texts = async () =>
      (await shownTo(world.dave, ['auditors'], { view: 'all', id: ask.id })).map(({ act, unread }) => ({ act, unread }))
    expect(await texts()).toMatchObject([{ act: { path: '/srv/report' }, unread: null }])
    const [{ recording_id }] = (await world.sql('select recording_id from session where id = $1', [files.id])) as [{ recording_id: string }]
    const at = world.clock.now()
    await world.attested('recording_destruction', {
      ...{ id: destructionOfRecording(recording_id), recording_id, session_id: files.id, class: newId('rtc') },
      ...{ kept_until: at, at, state: 'ordered' },
    })
    expect(await texts()).toEqual([{ act: null, unread: 'destroyed' }])
  })
})

describe('the waiting ends', () => {
  const lapsed = async (ask: Row, why: string) => {
    await until('it to come about', async () => (await stateOf(String(ask.id))) === 'over')
    expect((await about(String(ask.id))).at(-1)).toMatchObject({ act: 'session.act_lapsed', fields: { why } })
    // a word that comes too late changes nothing
    expect(code(await allow(ask, world.bob))).toBe('session.ask_decided')
  }

  test('when the person takes it back', async () => {
    const gone = new AbortController()
    const { came, ask } = await files.get('/srv/a', gone.signal)
    gone.abort()
    expect(await came).toMatchObject({ ok: false, error: { code: takenBack, say: expect.stringContaining('took this back') } })
    await lapsed(ask, 'cancelled')
  })

  test('when its session is suspended', async () => {
    files.live.overseen({ say: () => true, suspend: () => undefined, resume: () => undefined })
    const by = await officer()
    const { came, ask } = await files.get('/srv/a')
    const ordered = orderSession(ordering(), files.id, 'suspend', 'wait', by)
    await until('it to come about', async () => {
      heard()
      return (await stateOf(ask.id)) === 'over'
    })
    await ordered
    expect(await came).toMatchObject({ ok: false, error: { say: expect.stringContaining('suspended') } })
    await lapsed(ask, 'suspended')
  })

  test('when its session ends', async () => {
    const { came, ask } = await files.get('/srv/a')
    await files.live.ended({ reason: 'closed' })
    expect(await came).toMatchObject({ ok: false, error: { say: expect.stringContaining('session ended') } })
    await lapsed(ask, 'session_over')
  })

  test('when nobody answered in time', async () => {
    const holding = createHolding({ ...deps })
    const intent = (await world.sql('select intent from session where id = $1', [files.id]))[0].intent
    const of = {
      session: files.id,
      person: world.alice.id,
      account: world.deploy.id,
      intent,
      holding,
      withoutCards: false,
      statements: false,
    }
    const shown = { action: 'run', command: 'id' } as const
    const act = { ...shown, program: 'id', plain: true }
    const held = { acts: [act], shown, because: [], ask: { groups: ['approvers', 'security'], seconds: 1 } }
    expect(await holding.hold(of, held, {})).toMatchObject({
      ok: false,
      error: { say: expect.stringContaining('Nobody decided on this within 1s') },
    })
    const [ask] = await world.sql('select id from session_ask order by asked_at desc limit 1')
    await lapsed(await rowOf(ask.id), 'timed_out')
  })

  test('when the gateway that held it died, and what was allowed meanwhile is not done later', async () => {
    // its line to the database is cut: it hears nothing and writes nothing from here on
    const line = openPool(world.database.connection('gateway'), 2)
    const db = openDb(line)
    const audit = createActs({ db, keeper: world.gateway, now: world.clock.now })
    const dying = await filesSession(createSessionHost({ ...deps, db, audit }))
    const gone = new AbortController()
    const [first, second] = [await dying.get('/srv/a', gone.signal), await dying.get('/srv/b', gone.signal)]
    await world.sql("update session set node = 'nod_dddddddddd' where id = $1", [dying.id])
    await line.end()
    must(await allow(first.ask, world.bob))
    await recoverSessions(deps, 'nod_dddddddddd')
    for (const { ask } of [first, second])
      expect((await about(ask.id)).at(-1)).toMatchObject({ act: 'session.act_lapsed', fields: { why: 'interrupted' } })
    gone.abort()
    for (const { came } of [first, second]) expect(await came).toMatchObject({ ok: false })
    for (const { ask } of [first, second]) expect(await stateOf(ask.id)).toBe('over')
  })

  test('and no more than five wait in one session', async () => {
    const held = []
    for (let n = 0; n < 5; n++) held.push(await files.get(`/srv/${n}`))
    expect(await files.live.judgeFile?.({ op: 'get', path: '/srv/6', bytes: 0 })).toMatchObject({
      ok: false,
      error: { say: expect.stringContaining('waits for an answer already') },
    })
    await files.live.ended({ reason: 'closed' })
    for (const { came } of held) expect(await came).toMatchObject({ ok: false })
  })
})

describe('nothing passes by', () => {
  /** Whatever an attacker did, the person is refused, and nothing is written down as done. */
  const refused = async ({ came, ask }: Awaited<ReturnType<typeof files.get>>) => {
    heard()
    const result = await came
    expect((await about(ask.id)).map((e) => e.act)).not.toContain('session.act_passed')
    return result
  }
  const forge = async (id: string, change: string) => {
    await world.sql('alter table session_ask disable trigger user')
    await world.sql(`update session_ask set ${change} where id = '${id}'`)
    await world.sql('alter table session_ask enable trigger user')
  }

  test('a yes that is forged in the database', async () => {
    const held = await files.get('/etc/shadow')
    await forge(held.ask.id, `state = 'allowed', decided_by = '${world.bob.id}', revision = 2`)
    expect(code(await refused(held))).toBe('keeper.forged_row')
    expect((await world.entries()).filter((e) => e.act === 'alarm.forged_row' && e.fields.subject === held.ask.id)).toHaveLength(1)
  })

  test('the yes to another act, or of another session, in its place', async () => {
    const [other, held] = [await files.get('/srv/report'), await files.get('/etc/shadow')]
    must(await allow(other.ask, world.bob))
    const given = await rowOf(other.ask.id)
    await forge(held.ask.id, `state = 'allowed', decided_by = '${world.bob.id}', revision = 2, mac = '\\x${given.mac.toString('hex')}'`)
    expect(code(await refused(held))).toBe('keeper.forged_row')
    heard()
    expect(await other.came).toMatchObject({ ok: true })

    // what bob sees is not what is held: the row was exchanged for another session's
    const [mine, harmless] = [await files.get('/etc/passwd'), await files.get('/srv/report')]
    await forge(mine.ask.id, `sealed = '\\x${harmless.ask.sealed.toString('hex')}', digest = '${harmless.ask.digest}'`)
    const seen = await shownTo(world.bob, ['approvers'], { view: 'waiting' })
    expect(seen.find(({ id }) => id === mine.ask.id)).toMatchObject({ act: null, unread: 'altered', mayDecide: false, blocked: 'unread' })
    expect(seen.find(({ id }) => id === harmless.ask.id)).toMatchObject({ act: { path: '/srv/report' }, mayDecide: true })
    expect(code(await allow(mine.ask, world.bob, String(harmless.ask.digest)))).toBe('keeper.forged_row')
    await files.live.ended({ reason: 'closed' })
    for (const { came } of [mine, harmless]) expect(await came).toMatchObject({ ok: false })
  })

  test('a yes that was used already, put back', async () => {
    const first = await files.get('/srv/report')
    must(await allow(first.ask, world.bob))
    const given = await rowOf(first.ask.id)
    heard()
    expect(await first.came).toMatchObject({ ok: true })
    await forge(first.ask.id, `state = 'allowed', revision = 2, mac = '\\x${given.mac.toString('hex')}'`)
    const row = { ...given, state: 'passed' }
    expect(code(await attest(world.gateway, [{ kind: 'session_ask', revision: 3, row }], { by: 'system' }))).toBe('keeper.forged_row')
    // nor as what it is
    await forge(first.ask.id, `state = 'passed', revision = 3`)
  })

  test('a yes that comes too late, of who may not, of the person, without a code, or for another digest', async () => {
    const erin = await granted(world, world.erin, world.root, world.bob)
    const attempt = { ...alice.attempt, person: 'erin', account: 'root' }
    must(await world.keeper.ask('storeCredential', { account: world.root.id, credential: 'password', public: null }, Secret.fromText('x')))
    const { presence } = await world.present(world.erin)
    const own = must(
      await host.open(
        { ...alice, person: world.erin.id, attempt, presence },
        { id: erin.grant.id as never, remainingMs: 3_600_000 },
        { kind: 'files' },
      ),
    )
    const told: string[] = []
    const cameOwn = own.judgeFile?.({ op: 'get', path: '/x', bytes: 0 }, { tell: (s) => void told.push(s) })
    await until('the act to wait', () => told.length > 0)
    // erin may approve, but not this; neither by the product nor by the keeper alone
    expect(told[0]).toContain('Asked: bob, carol (approvers or security).')
    const [of] = await world.sql('select id from session_ask where session_id = $1', [own.id])
    const hers = await rowOf(of.id)
    expect(code(await allow(hers, world.erin))).toBe('session.own_ask')
    const decided = (row: Row, by: Someone) => [
      { kind: 'session_ask' as const, revision: 2, row: { ...row, state: 'allowed', decided_by: by.id } },
    ]
    expect(code(await attest(world.keeper, decided(hers, world.erin), world.stepUp(world.erin)))).toBe('session.own_ask')
    expect(code(await attest(world.keeper, decided(hers, world.bob), world.stepUp(world.erin)))).toBe('keeper.not_authorised')
    await own.ended({ reason: 'closed' })
    expect(await cameOwn).toMatchObject({ ok: false })

    const held = await files.get('/srv/report')
    expect(code(await allow(held.ask, world.dave))).toBe('access.not_an_approver')
    expect(code(await allow(held.ask, world.bob, 'f'.repeat(64)))).toBe('session.ask_other_digest')
    const without = await attest(world.keeper, decided(held.ask, world.bob), await world.present(world.bob))
    expect(code(without)).toBe('access.step_up_needed')
    // a gateway decides nothing, and asks nothing again
    expect(code(await attest(world.gateway, decided(held.ask, world.bob), { by: 'system' }))).toBe('keeper.not_authorised')
    const again = { ...held.ask, action: 'run' }
    expect(code(await attest(world.gateway, [{ kind: 'session_ask', revision: 2, row: again }], { by: 'system' }))).toBe(
      'keeper.not_authorised',
    )
    world.later(301_000)
    expect(code(await allow(held.ask, world.bob))).toBe('session.ask_expired')
    expect(code(await attest(world.keeper, decided(held.ask, world.bob), world.stepUp(world.bob)))).toBe('session.ask_expired')
    await files.live.ended({ reason: 'closed' })
    expect(await refused(held)).toMatchObject({ ok: false })
  })

  /** A host that stops between the yes and what it asks the keeper then, until it is let go on. */
  const hesitant = () => {
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
    let held = false
    const keeper: Keeper = {
      ...world.gateway,
      ask: async (operation, args, payload) => {
        if (held && operation === 'judge') await goOn
        return await world.gateway.ask(operation, args, payload)
      },
    }
    return {
      host: createSessionHost({ ...deps, keeper }),
      hold() {
        held = true
      },
      letGo,
    }
  }

  test('what a gateway by itself says is done: what nobody allowed, what was refused, what was done already, and another act than the one that was allowed', async () => {
    const { host: slow, hold, letGo } = hesitant()
    const there = await filesSession(slow)
    const [waits, no, yes] = [await there.get('/srv/a'), await there.get('/srv/b'), await there.get('/srv/c')]
    hold()
    must(await refuse(no.ask, world.bob, 'no'))
    must(await allow(yes.ask, world.bob))
    const passes = async ({ ask }: typeof waits, over: Row = {}) => {
      const row = { ...(await rowOf(ask.id)), state: 'passed', ...over }
      const next = [{ kind: 'session_ask' as const, revision: Number(row.revision) + 1, row }]
      return code(await attest(world.gateway, next, { by: 'system' }))
    }
    const { sealed, digest } = waits.ask
    for (const bad of [
      await passes(waits),
      await passes(waits, { decided_by: world.bob.id }),
      await passes(no),
      await passes(yes, { sealed, digest }),
      await passes(yes, { decided_by: world.carol.id }),
      await passes(yes, { expires_at: new Date(world.clock.now().getTime() + 3600_000) }),
    ])
      expect(bad).toBe('keeper.not_authorised')
    // nor does who decides change what is asked as they do
    const other = {
      ...(await rowOf(waits.ask.id)),
      sealed: yes.ask.sealed,
      digest: yes.ask.digest,
      state: 'allowed',
      decided_by: world.bob.id,
    }
    expect(code(await attest(world.keeper, [{ kind: 'session_ask', revision: 2, row: other }], world.stepUp(world.bob)))).toBe(
      'keeper.not_authorised',
    )
    letGo()
    slow.attend(there.id)
    expect(await yes.came).toMatchObject({ ok: true })
    expect(await passes(yes)).toBe('keeper.not_authorised')
    await there.live.ended({ reason: 'closed' })
    for (const { came } of [waits, no]) expect(await came).toMatchObject({ ok: false })
  })

  test('the yes of somebody who lost the right meanwhile', async () => {
    const { host: slow, hold, letGo } = hesitant()
    const held = await (await filesSession(slow)).get('/srv/report')
    hold()
    must(await allow(held.ask, world.erin))
    const row = { ...(await world.vouched('person', world.erin.id)), groups: ['engineers'] }
    const revision = (world.inside.context.notary.head('person', world.erin.id)?.revision ?? 0) + 1
    must(await world.write([{ kind: 'person', revision, row }], world.stepUp(world.carol)))
    letGo()
    expect(code(await refused(held))).toBe('access.not_an_approver')
  })

  test('what policy forbids by now', async () => {
    const { host: slow, hold, letGo } = hesitant()
    const held = await (await filesSession(slow)).get('/srv/report')
    hold()
    must(await allow(held.ask, world.bob))
    await policy(
      'no-reports',
      `@floor("No reports leave, ask an administrator.") forbid (principal, action == Action::"transfer", resource) when { context.path == "/srv/report" };`,
    )
    letGo()
    expect(await refused(held)).toMatchObject({ error: { say: expect.stringContaining('No reports leave') } })
  })
})

// the last: the table is not what it was behind it
test('of what was asked before texts were sealed, the migration leaves who asked and who decided, and no text', async () => {
  const [waits, decided] = [await files.get('/srv/a'), await files.get('/srv/b')]
  must(await refuse(decided.ask, world.bob, 'no'))
  // as it was: in the row, and beside the entry that says that it was asked; another entry keeps what it has
  const old = { action: 'query', database: 'shop', sql: "delete from x where y = 'okapitext'" }
  await world.sql(
    `alter table session_ask drop constraint session_ask_is_bounded, drop column sealed, drop column action, add column act jsonb,
     add constraint session_ask_is_bounded check (length(act::text) <= 200000)`,
  )
  await world.sql('update session_ask set act = $1', [JSON.stringify(old)])
  await world.sql('alter table session_ask alter column act set not null')
  const [entry] = await about(waits.ask.id)
  const [other] = (await world.entries()).filter(({ act }) => act === 'session.opening')
  const beside = "insert into ledger_personal (entry_id, field, value, salt) values ($1, 'what', $2, '')"
  for (const one of [entry, other]) await world.sql(beside, [String((one as unknown as Row).id), old.sql])

  const pathOf = async () => (await world.sql("select pg_relation_filepath('session_ask') as path"))[0].path as string
  const before = await pathOf()
  await world.sql(readFileSync(new URL('../../../migrations/0450-sealed-asks.sql', import.meta.url), 'utf8'))
  // written anew, without the column that is gone: a file that was merely altered would hold what stood in it
  expect(await pathOf()).not.toBe(before)
  expect(await world.sql("select entry_id from ledger_personal where value like '%okapitext%'")).toEqual([
    { entry_id: (other as unknown as Row).id },
  ])
  // nothing waits for anybody any more, and it says why nobody reads it
  expect((await waiting()).length).toBe(0)
  const shown = await shownTo(world.carol, ['security'], { view: 'all', session: files.id })
  expect(shown).toMatchObject([
    { id: decided.ask.id, state: 'refused', action: 'query', act: null, unread: 'not_kept', decidedBy: 'bob', comment: 'no' },
    { id: waits.ask.id, state: 'over', action: 'query', act: null, unread: 'not_kept', decidedBy: null },
  ])
  await files.live.ended({ reason: 'closed' })
  for (const { came } of [waits, decided]) expect(await came).toMatchObject({ ok: false })
})
