import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { granted } from '../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { RecordingId, SessionId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import { openDb, openPool } from '../../platform/db/open-db.ts'
import { createDecide } from '../access/index.ts'
import { createActs } from '../audit/index.ts'
import { must } from '../identity/test/house.ts'
import { createSessionHost, type ExpectedDeps } from '../session/index.ts'
import { type OpenReplay, openReplay } from '../session/replay/open-replay.ts'
import { replayPart } from '../session/replay/replay-part.ts'
import { viewRecording } from '../session/view-recording.ts'
import { OpenViews } from '../session/views/open-views.ts'
import { addClass, changeClass } from './change-class.ts'
import { destroyRecording } from './destroy-recording.ts'
import { liftHold, placeHold } from './hold.ts'
import { lookAtRecordings } from './keep-recordings.ts'
import { readKeeping } from './read-keeping.ts'
import { type RemoveDeps, removeFiles } from './remove-files.ts'
import { sayAnchor } from './say-anchor.ts'
import { showKept } from './show-kept.ts'
import { storageReport } from './storage-report.ts'

let world: World
let pool: pg.Pool
let deps: Parameters<typeof lookAtRecordings>[0] & ExpectedDeps
let gateway: RemoveDeps
let frank: Awaited<ReturnType<World['enrolled']>>
const logged: string[] = []
const any = { targets: null, tiers: null, environments: null, kinds: null }
const yearMs = 366 * 86_400_000
const refused = (code: string) => ({ ok: false, error: { code } })

beforeAll(async () => {
  world = await openWorld()
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 4)
  const db = openDb(pool)
  const log = (line: string) => void logged.push(line)
  const { clock, gateway: keeper } = world
  deps = { db: world.db, index: world.index, audit: world.audit, keeper: world.keeper, now: clock.now, log }
  gateway = { db, audit: createActs({ db, keeper, now: clock.now }), keeper, recordings, node: 'nod_aaaaaaaaaa', now: clock.now, log }
  frank = await world.enrolled('frank', ['security'])
  must(
    await world.keeper.ask(
      'storeCredential',
      { account: world.deploy.id, credential: 'password', public: null },
      Secret.fromText('secret'),
    ),
  )
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

const by = (who: { id: unknown; code(): string } = world.carol) => ({ person: who.id as never, code: who.code() })
interface Made {
  session: SessionId
  recording: RecordingId
  file: string
}
/** A real session of deploy@web01, recorded and over. */
async function recorded(): Promise<Made> {
  const { grant } = await granted(world, world.alice, world.deploy, world.bob)
  const { clock } = world
  const host = createSessionHost({
    ...gateway,
    ...{
      clock,
      reachable: { ssh: ['linux-ssh'], postgres: [], mysql: [] },
      rotationMs: 1_000,
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      decide: createDecide(gateway.keeper),
    },
    ...{ shortestSeconds: 20, connects: () => true, console: 'http://localhost' },
  })
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  const admitted = { person: world.alice.id, attempt, admitted: true as const, presence }
  const term = { columns: 80, rows: 24, name: 'xterm' }
  const live = must(await host.open(admitted, { id: (grant as Row).id as never, remainingMs: 3_600_000 }, { kind: 'shell', term }))
  live.recorder.output(Buffer.from('$ ls\r\n'))
  await live.ended({ reason: 'closed', exitStatus: 0 })
  const [row] = await world.sql('select id from recording where session_id = $1', [live.id])
  return { session: live.id as SessionId, recording: row.id, file: join(gateway.recordings, `${row.id}.clvr`) }
}
const keysOf = (recording: string) =>
  world.sql('select what, version, state, wrapped_key, ciphertext from vault.secret_version where owner_id = $1 order by what', [recording])
const states = async ({ recording }: Made) => (await keysOf(recording)).map((r) => r.state)
const isThere = async (one: Made) => (await states(one)).every((s) => s === 'current') && existsSync(one.file)
const acts = async (recording: string) =>
  (await world.entries()).filter((e) => e.fields.recording === recording && e.act.startsWith('recording.')).map((e) => [e.act, e.phase])
const view = async (session: string) =>
  await viewRecording(
    { ...deps, recordings: gateway.recordings },
    session,
    { person: world.dave.id, presence: (await world.present(world.dave)).presence },
    'replay',
  )
const confirm = async (name: string, months = 12, applies: object | null = any) =>
  must(await changeClass(deps, by(), name, { months, applies: applies as typeof any, reason: 'as the law says' }))
const alarms = async () => (await world.entries()).filter((e) => e.act === 'alarm.forged_row').length

describe('a recording', () => {
  test('is destroyed by nobody before an officer confirmed what keeps it, however old it is', async () => {
    const one = await recorded()
    world.later(20 * yearMs)
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await destroyRecording(deps, one.session)).toMatchObject(refused('recording.kept'))
    expect(must(await showKept(deps, one.session))).toMatchObject({ state: 'kept', until: null, why: 'not_confirmed', manifest: 'signed' })
    expect(await isThere(one)).toBe(true)
  })

  test('is held, and after the hold was lifted by another and its period is over, destroyed: keys, then file, each in the ledger', async () => {
    await confirm('general')
    await confirm('sox', 84, { ...any, environments: ['production'] })
    // what the first test left is old enough
    await lookAtRecordings(deps)
    const one = await recorded()
    const { id } = must(await placeHold(deps, by(), { kind: 'person', subject: world.alice.id, caseNumber: 'C-17', reason: 'a dispute' }))
    world.later(8 * yearMs)
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await destroyRecording(deps, one.session)).toMatchObject(refused('recording.held'))
    expect(must(await showKept(deps, one.session))).toMatchObject({ held: true, message: expect.stringContaining('legal hold') })
    // somebody has it open meanwhile
    const who = { person: world.dave.id, presence: (await world.present(world.dave)).presence }
    const viewing = { ...deps, recordings: gateway.recordings, replays: new OpenViews<OpenReplay>() }
    const { id: replay } = must(await openReplay(viewing, one.session, who))
    const part = { session: one.session, replay, n: 0 }
    expect((await replayPart(viewing, part, who)).ok).toBe(true)
    expect(await liftHold(deps, by(), { id, reason: 'settled' })).toMatchObject(refused('keeper.not_authorised'))
    expect(await liftHold(deps, by(world.dave), { id, reason: 'settled' })).toMatchObject(refused('keeper.not_authorised'))
    must(await liftHold(deps, by(frank), { id, reason: 'settled' }))
    expect(await isThere(one)).toBe(true)

    expect(await lookAtRecordings(deps)).toBe(1)
    expect(await states(one)).toEqual(['destroyed', 'destroyed'])
    for (const key of await keysOf(one.recording)) expect(key).toMatchObject({ wrapped_key: null, ciphertext: null })
    expect(await removeFiles(gateway)).toBeGreaterThanOrEqual(1)
    expect(existsSync(one.file)).toBe(false)
    for (const at of [viewing, { ...viewing, replays: new OpenViews<OpenReplay>() }])
      expect(await replayPart(at, part, who)).toMatchObject(refused('session.recording_destroyed'))
    expect(await acts(one.recording)).toEqual([
      ['recording.viewed', 'done'],
      ['recording.destroying', 'intent'],
      ['recording.destroyed', 'outcome'],
      ['recording.file_removed', 'done'],
    ])
    const words = 'select state from recording_words where recording_id = $1'
    expect(await world.sql(words, [one.recording])).toEqual([{ state: 'forgotten' }])
    expect(await world.sql('select n from recording_outline where recording_id = $1', [one.recording])).toEqual([])
    expect(await view(one.session)).toMatchObject(refused('session.recording_destroyed'))
    const kept = must(await showKept(deps, one.session))
    expect(kept).toMatchObject({ state: 'destroyed', manifest: 'signed', destroyed: { fileRemovedAt: expect.any(String) } })
    expect(kept.message).toMatch(/^Destroyed on \d{4}-\d\d-\d\d\. Its manifest is in the ledger and verifies\.$/)
    // and once more: nothing is left to do
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await removeFiles(gateway)).toBe(0)
  })

  test('is kept by the longest class: not destroyed when a shorter one is over', async () => {
    const one = await recorded()
    world.later(2 * yearMs)
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await destroyRecording(deps, one.session)).toMatchObject(refused('recording.kept'))
    expect(must(await showKept(deps, one.session))).toMatchObject({ class: 'sox' })
    expect(await isThere(one)).toBe(true)
  })

  test('that is kept from an event on has no date before, and counts from it', async () => {
    const { id } = must(
      await addClass(deps, by(), { name: 'partners', anchor: 'relationship_ended', months: 240, applies: any, reason: 'the contract' }),
    )
    const one = await recorded()
    expect(must(await showKept(deps, one.session))).toMatchObject({ class: 'partners', until: null, why: 'anchor_open' })
    const over = { anchor: 'relationship_ended' as const, subject: world.web01.id, reason: 'they left' }
    must(await sayAnchor(deps, by(), { ...over, state: 'closed' }))
    expect(must(await showKept(deps, one.session)).until).not.toBeNull()
    must(await sayAnchor(deps, by(), { ...over, state: 'open' }))
    expect(must(await showKept(deps, one.session))).toMatchObject({ until: null })
    must(await changeClass(deps, by(), id, { months: 240, applies: null, reason: 'no more' }))
    // it was promised, and nobody takes that back
    expect(must(await showKept(deps, one.session))).toMatchObject({ class: 'partners', until: null })
    must(await sayAnchor(deps, by(), { ...over, state: 'closed' }))
  })

  test('whose period was made shorter is kept as it was promised', async () => {
    const one = await recorded()
    const before = must(await showKept(deps, one.session))
    expect(before.class).toBe('sox')
    await confirm('sox', 1, { ...any, environments: ['production'] })
    expect(must(await showKept(deps, one.session))).toMatchObject({ class: 'sox', until: before.until })
    const young = await recorded()
    expect(must(await showKept(deps, young.session))).toMatchObject({ class: 'general' })
    // nor by a target that is classified anew
    const target = { ...world.web01, environment: 'development', tier: 3 }
    must(await world.write([{ kind: 'target', revision: 2, row: target }], world.stepUp(world.carol)))
    expect(must(await showKept(deps, one.session))).toMatchObject({ class: 'sox', until: before.until })
    must(await world.write([{ kind: 'target', revision: 3, row: { ...world.web01 } }], world.stepUp(world.carol)))
  })
})

describe('what a crash leaves', () => {
  test('between the order and the keys is finished by the next look', async () => {
    const one = await recorded()
    world.later(9 * yearMs)
    const killed = {
      ...deps.keeper,
      ask: async (...a: Parameters<typeof deps.keeper.ask>) => {
        if (a[0] === 'destroyRecordingKeys') throw new Error('killed')
        return await deps.keeper.ask(...a)
      },
    } as typeof deps.keeper
    await expect(destroyRecording({ ...deps, keeper: killed }, one.session)).rejects.toThrow('killed')
    expect(await states(one)).toEqual(['current', 'current'])
    expect(await view(one.session)).toMatchObject(refused('session.recording_destroyed'))
    await lookAtRecordings(deps)
    expect(await states(one)).toEqual(['destroyed', 'destroyed'])
    // between the keys and the file: the gateway finds it when it starts
    expect(existsSync(one.file)).toBe(true)
    await removeFiles(gateway)
    expect(existsSync(one.file)).toBe(false)
    expect((await acts(one.recording)).map(([act]) => act)).toEqual([
      'recording.destroying',
      'recording.destroyed',
      'recording.file_removed',
    ])
  })

  test('is given back where a hold came in between, and destroyed when that is lifted', async () => {
    const one = await recorded()
    world.later(9 * yearMs)
    const killed = {
      ...deps.keeper,
      ask: async (...a: Parameters<typeof deps.keeper.ask>) => {
        if (a[0] === 'destroyRecordingKeys') throw new Error('killed')
        return await deps.keeper.ask(...a)
      },
    } as typeof deps.keeper
    await expect(destroyRecording({ ...deps, keeper: killed }, one.session)).rejects.toThrow('killed')
    const { id } = must(await placeHold(deps, by(), { kind: 'session', subject: one.session, caseNumber: 'C-18', reason: 'a dispute' }))
    await lookAtRecordings(deps)
    expect(await isThere(one)).toBe(true)
    const opened = must(await view(one.session))
    await opened.reader.close()
    must(await liftHold(deps, by(frank), { id, reason: 'settled' }))
    await lookAtRecordings(deps)
    await removeFiles(gateway)
    expect(await states(one)).toEqual(['destroyed', 'destroyed'])
    expect(existsSync(one.file)).toBe(false)
  })
})

describe('who writes to the database', () => {
  let held: Made
  let hold: string
  beforeAll(async () => {
    held = await recorded()
    hold = must(await placeHold(deps, by(), { kind: 'account', subject: world.deploy.id, caseNumber: 'C-19', reason: 'a dispute' })).id
    world.later(9 * yearMs)
  })
  const rowOf = async (table: string, id: string) =>
    (await world.sql(`select to_jsonb(t) as row from ${table} t where id = $1`, [id]))[0]?.row
  const putBack = (table: string, row: unknown) =>
    world.sql(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1) on conflict (id) do nothing`, [row])

  test.each([
    ['deletes a hold', "delete from legal_hold where id = 'HOLD'"],
    ['lifts a hold', "update legal_hold set state = 'lifted' where id = 'HOLD'"],
    ['has a hold cover somebody else', "update legal_hold set subject_id = 'acc_zzzzzzzzzz' where id = 'HOLD'"],
  ])('and %s destroys nothing, and raises an alarm', async (_what, forge) => {
    world.later(61_000)
    const [before, row] = [await alarms(), await rowOf('legal_hold', hold)]
    await world.sql(forge.replace('HOLD', hold))
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await destroyRecording(deps, held.session)).toMatchObject(refused('keeper.forged_row'))
    expect(await alarms()).toBeGreaterThan(before)
    expect(await isThere(held)).toBe(true)
    await world.sql('delete from legal_hold where id = $1', [hold])
    await putBack('legal_hold', row)
  })

  test.each([
    ['deletes a class', 'delete from retention_class where id = $1'],
    ['has a class keep for a month', `update retention_class set terms = jsonb_set(terms, '{0,months}', '1') where id = $1`],
  ])('and %s destroys nothing, and raises an alarm', async (_what, forge) => {
    world.later(61_000)
    const [before, row] = [await alarms(), await rowOf('retention_class', 'rtc_sox0000000')]
    await world.sql(forge, ['rtc_sox0000000'])
    expect(await lookAtRecordings(deps)).toBe(0)
    expect(await destroyRecording(deps, held.session)).toMatchObject(refused('keeper.forged_row'))
    expect(await alarms()).toBeGreaterThan(before)
    await world.sql('delete from retention_class where id = $1', ['rtc_sox0000000'])
    await putBack('retention_class', row)
  })

  test('and makes a session look older destroys nothing, and raises an alarm', async () => {
    const one = await recorded()
    world.later(61_000)
    const before = await alarms()
    const [row] = await world.sql('select s.opened_at, r.manifest from session s join recording r on r.session_id = s.id where s.id = $1', [
      one.session,
    ])
    await world.sql("update session set opened_at = opened_at - interval '30 years' where id = $1", [one.session])
    await world.sql('update recording set manifest = replace(manifest, \'"ended":"2\', \'"ended":"1\') where id = $1', [one.recording])
    expect(await destroyRecording(deps, one.session)).toMatchObject(refused('keeper.forged_row'))
    await world.sql('update session set opened_at = $2 where id = $1', [one.session, row.opened_at])
    // nor by the end that a manifest says which nobody signed
    expect(await destroyRecording(deps, one.session)).toMatchObject(refused('recording.held'))
    await world.sql('update recording set manifest = $2 where id = $1', [one.recording, row.manifest])
    expect(await alarms()).toBeGreaterThan(before)
    expect(await isThere(one)).toBe(true)
  })

  test('and writes that a recording is destroyed removes no file and no key', async () => {
    const one = await recorded()
    const row = { id: `rdn_${one.recording.slice(4)}`, recording_id: one.recording, session_id: one.session, class: 'rtc_sox0000000' }
    await world.sql(
      `insert into recording_destruction (id, recording_id, session_id, class, kept_until, at, state, revision, mac, keys_at)
       values ($1, $2, $3, $4, now(), now(), 'ordered', 1, '\\x00', now())`,
      Object.values(row),
    )
    expect(await removeFiles(gateway)).toBe(0)
    expect(await view(one.session)).toMatchObject(refused('keeper.forged_row'))
    expect(await isThere(one)).toBe(true)
    await world.sql('delete from recording_destruction where id = $1', [row.id])
    await (must(await view(one.session)) as { reader: { close(): Promise<void> } }).reader.close()
  })

  test('and puts back the key and the file of a recording that was destroyed does not open it', async () => {
    must(await liftHold(deps, by(frank), { id: hold, reason: 'settled' }))
    const keys = await keysOf(held.recording)
    const bytes = readFileSync(held.file)
    await lookAtRecordings(deps)
    await removeFiles(gateway)
    expect(await states(held)).toEqual(['destroyed', 'destroyed'])
    writeFileSync(held.file, bytes)
    for (const key of keys)
      await world.sql(
        "update vault.secret_version set state = 'current', wrapped_key = $3, ciphertext = $4 where owner_id = $1 and what = $2",
        [held.recording, key.what, key.wrapped_key, key.ciphertext],
      )
    const ask = async () => {
      const { presence } = await world.present(world.dave)
      const intent = await world.audit.note(
        { act: 'recording.viewed', fields: { session: held.session, recording: held.recording, how: 'replay' }, personal: {} },
        world.dave.id,
      )
      return await world.keeper.ask('openRecording', { recording: held.recording, presence, intent })
    }
    expect(await ask()).toMatchObject(refused('recording.destroyed'))
    expect(await world.gateway.ask('createRecording', { recording: held.recording })).toMatchObject(refused('recording.destroyed'))
    // nor when the row that says so is gone
    const id = `rdn_${held.recording.slice(4)}`
    const row = await rowOf('recording_destruction', id)
    await world.sql('delete from recording_destruction where id = $1', [id])
    expect(await ask()).toMatchObject(refused('keeper.forged_row'))
    await putBack('recording_destruction', row)
  })
})

describe('said by', () => {
  const row = () => ({
    ...{ id: newId('lho'), subject_kind: 'person', subject_id: world.alice.id, case_number: 'C', placed_by: world.carol.id },
    ...{ placed_at: world.clock.now(), state: 'placed', lifted_by: null },
  })
  type Case = [string, () => Promise<unknown>]
  test.each<Case>([
    ['an auditor is no class', () => changeClass(deps, by(world.dave), 'general', { months: 24, applies: any, reason: 'x' })],
    [
      'an engineer is no hold',
      () => placeHold(deps, by(world.alice), { kind: 'person', subject: world.alice.id, caseNumber: 'C', reason: 'x' }),
    ],
    [
      'an approver is no end of a relationship',
      () => sayAnchor(deps, by(world.bob), { anchor: 'account_removed', subject: world.deploy.id, state: 'closed', reason: 'x' }),
    ],
    ['an officer in another’s name is no hold', () => world.write([{ kind: 'legal_hold', revision: 1, row: row() }], world.stepUp(frank))],
    ['the server alone is no hold', () => world.write([{ kind: 'legal_hold', revision: 1, row: row() }], { by: 'system' })],
    [
      'an officer is no class that says less of the past',
      async () => {
        const before = await world.vouched('retention_class', 'rtc_general000')
        const terms = [
          { ...(before.terms as Row[])[0], months: 1 },
          ...(before.terms as Row[]).slice(1),
          { from: world.clock.now().toISOString(), months: 1, applies: any },
        ]
        return await world.write([{ kind: 'retention_class', revision: 2, row: { ...before, terms } }], world.stepUp(world.carol))
      },
    ],
    [
      'an officer is no destruction of a recording',
      async () => {
        const one = await recorded()
        const at = world.clock.now()
        const gone = { id: `rdn_${one.recording.slice(4)}`, recording_id: one.recording, session_id: one.session, class: 'rtc_sox0000000' }
        return await world.write(
          [{ kind: 'recording_destruction', revision: 1, row: { ...gone, kept_until: at, at, state: 'ordered' } }],
          world.stepUp(world.carol),
        )
      },
    ],
  ])('%s', async (_what, act) => {
    expect(await act()).toMatchObject(refused('keeper.not_authorised'))
  })
})

test('the report says what is stored, how fast it grows and what goes in the next days', async () => {
  const keeping = must(await readKeeping(world.keeper))
  const report = await storageReport(world.db, keeping, gateway.recordings, world.clock.now())
  expect(report.kinds).toEqual([expect.objectContaining({ kind: 'linux-ssh' })])
  expect(report.total.recordings).toBe(report.months.reduce((n, m) => n + m.recordings, 0))
  expect(report.total.bytes).toBeGreaterThan(0)
  expect(report.growth.bytesPerDay).toBeGreaterThan(0)
  expect(report.disk?.fullInDays).toBeGreaterThan(0)
  expect(report.places).toEqual([{ place: null, ...report.total }])
  expect(report.destroyed.recordings).toBeGreaterThan(0)
  expect(report.next.recordings).toBe(0)
  const later = new Date(world.clock.now().getTime() + 30 * yearMs)
  expect((await storageReport(world.db, keeping, gateway.recordings, later)).next.recordings).toBeGreaterThan(0)
  // all but one are carried to a bucket
  const one = await recorded()
  await world.sql(`update recording set stored_in = 's3://records/prod/', stored_at = now() where id <> $1`, [one.recording])
  const carried = await storageReport(world.db, keeping, gateway.recordings, world.clock.now())
  expect(carried.places.map(({ place }) => place)).toEqual([null, 's3://records/prod/'])
  expect(carried.places[0]).toMatchObject({ recordings: 1 })
  expect(carried.places[1]).toMatchObject({ recordings: report.total.recordings })
  expect(carried.total.bytes).toBe(carried.places.reduce((sum, p) => sum + p.bytes, 0))
  // what lies there fills no disk here
  expect(carried.disk?.bytesPerDay).toBeLessThan(carried.growth.bytesPerDay)
})
