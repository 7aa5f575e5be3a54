import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { How, LiveSession } from '../../../gateways/contract.ts'
import type { FactKind } from '../../../keeper/facts/fact.ts'
import { mostShowings, openingRuns, openingWaits } from '../../../keeper/facts/input-opening.ts'
import { destructionOfRecording } from '../../../keeper/facts/retention.ts'
import { granted } from '../../../keeper/test/access.ts'
import { again } from '../../../keeper/test/check-out.ts'
import { opening } from '../../../keeper/test/opening.ts'
import { openWorld, type Row, type World } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { createSessionHost, type Host } from '../index.ts'
import { viewRecording } from '../view-recording.ts'
import { askForInput } from './ask-for-input.ts'
import { approveOpening, withdrawOpening } from './decide-on-opening.ts'
import { showOpenings } from './opening.view.ts'
import { showInput } from './show-input.ts'

/* What was typed unseen is opened by two officers together, and by nothing else that has the database, the server or one officer's code. */

let world: World
let pool: pg.Pool
let host: Host
let olga: Awaited<ReturnType<World['enrolled']>>
let deps: Parameters<typeof showInput>[0]
/** A shell of alice's, one of her SQL sessions, and a shell of olga's, who is an officer. */
let shell: Recorded
let sql: Recorded
let olgas: Recorded
interface Recorded {
  id: string
  recording: string
  person: string
}
type Somebody = Pick<typeof olga, 'id' | 'code'>
const injected = 'the injected password'

beforeAll(async () => {
  world = await openWorld()
  olga = await world.enrolled('olga', ['security', 'engineers'])
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 6)
  const db = openDb(pool)
  const { clock, gateway } = world
  host = createSessionHost({
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{ reachable: { ssh: ['linux-ssh'], postgres: ['linux-ssh'], mysql: [] }, rotationMs: 20_000, log: () => undefined },
    ...{ limits: { idleSeconds: 28_800, longestSeconds: 28_800 }, decide: createDecide(gateway), shortestSeconds: 20 },
    ...{ connects: () => true, console: 'http://localhost' },
  })
  deps = { db: world.db, keeper: world.keeper, audit: world.audit, index: world.index, recordings, now: clock.now }
  const store = { account: world.deploy.id, credential: 'password', public: null } as const
  must(await world.keeper.ask('storeCredential', store, Secret.fromText(injected)))
  shell = await recorded(world.alice, { kind: 'shell', term: { columns: 80, rows: 24, name: 'xterm' } }, (live) => {
    live.recorder.output(Buffer.from('$ '))
    live.recorder.input(Buffer.from('sudo -s\r'))
    live.recorder.output(Buffer.from('sudo -s\r\n[sudo] password for deploy: '))
    for (const key of 'hunter2\r') live.recorder.input(Buffer.from(key))
    live.recorder.output(Buffer.from('\r\n# '))
  })
  sql = await recorded(world.alice, { kind: 'sql', database: 'orders' }, (live) => {
    const text = { sql: "alter role bob password 'opensesame'", parameters: [], unsureEncoding: false, escaped: false }
    live.recorder.statementStarted({ n: 1, via: 'simple', ...text })
    live.recorder.statementEnded({ n: 1, durationMs: 1, rows: null, bytes: 0, outcome: 'ok', tag: 'ALTER ROLE' })
  })
  olgas = await recorded(olga, { kind: 'shell', term: { columns: 80, rows: 24, name: 'xterm' } }, (live) => {
    live.recorder.input(Buffer.from('olgas own\r'))
  })
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

async function recorded(who: Somebody & { name?: string }, how: How, happens: (live: LiveSession) => void): Promise<Recorded> {
  const { grant } = await granted(world, who, world.deploy, world.bob)
  const attempt = {
    door: how.kind === 'sql' ? ('postgres' as const) : ('ssh' as const),
    person: 'alice',
    account: 'deploy',
    target: 'web01',
  }
  const { presence } = await world.present(who)
  const admitted = { person: who.id, attempt: { ...attempt, from: '192.0.2.9:4711' }, admitted: true as const, presence }
  const live = must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, how))
  happens(live)
  await live.ended({ reason: 'closed', exitStatus: 0 })
  const [row] = await world.sql('select recording_id from session where id = $1', [live.id])
  return { id: live.id, recording: row.recording_id, person: who.id }
}

const as = (who: Somebody) => ({ person: who.id, code: who.code() })
const ask = async (session: string, who: Somebody = world.carol) => askForInput(deps, as(who), { session, reason: 'INC-7' })
const asked = async (session = shell.id, who: Somebody = world.carol): Promise<string> => must(await ask(session, who)).id
const approved = async (session = shell.id): Promise<string> => {
  const id = await asked(session)
  must(await approveOpening(deps, as(olga), id))
  return id
}
const show = (id: string, who: Somebody = world.carol, from = 0) => showInput(deps, as(who), { id, from })
const refused = (code: string) => ({ ok: false, error: { code } })
const rowOf = async (id: string): Promise<Row> => (await world.sql('select * from input_opening where id = $1', [id]))[0]
const stateOf = async (id: string) => (await showOpenings(world.db, world.clock.now())).find((one) => one.id === id)?.state
/** A step that no domain of ours looked at before the keeper. */
const past = async (row: Row, who: Somebody, change: Row) => {
  const { revision, ...was } = row
  return await world.write([{ kind: 'input_opening', revision: Number(revision ?? 0) + 1, row: { ...was, ...change } }], world.stepUp(who))
}
const yes = (who: Somebody) => {
  const at = world.clock.now()
  return { state: 'approved', approver_id: who.id, approved_at: at, ends_at: new Date(at.getTime() + openingRuns * 1000) }
}
const look = (row: Row, who: Somebody) => ({ shown: Number(row.shown) + 1, shown_to: who.id, shown_at: world.clock.now() })
const saidOf = async (id: string) => (await world.entries()).filter((entry) => entry.fields.opening === id)

describe('two officers together', () => {
  test('see what was typed unseen, when, and after what; and all of it stands in the ledger before', async () => {
    const id = await asked()
    expect(await stateOf(id)).toBe('waiting')
    expect(await show(id)).toMatchObject(refused('session.opening_waits'))
    must(await approveOpening(deps, as(olga), id))
    const { unseen, verified, looksLeft, next } = must(await show(id))
    expect(unseen).toEqual([
      { kind: 'typed', seconds: expect.any(Number), text: 'hunter2↵', base64: 'aHVudGVyMg0=', after: 'sudo -s', undecided: false },
    ])
    expect({ ok: verified.ok, looksLeft, next }).toEqual({ ok: true, looksLeft: mostShowings - 1, next: null })
    must(await show(id, olga))
    const said = await saidOf(id)
    expect(said.map(({ act, phase, by }) => [act, phase, by])).toEqual([
      ['recording.input_asked', 'done', world.carol.id],
      ['recording.show_input', 'refused', world.carol.id],
      ['recording.input_approved', 'done', olga.id],
      ['recording.input_showing', 'done', world.carol.id],
      ['recording.input_showing', 'done', olga.id],
    ])
    expect(JSON.stringify(said)).not.toContain('hunter2')
  })

  test('see a statement as it was before its password was masked', async () => {
    const { unseen } = must(await show(await approved(sql.id)))
    expect(unseen).toMatchObject([{ kind: 'statement', n: 1, sql: "alter role bob password 'opensesame'" }])
  })

  test('go on where one look ended', async () => {
    const id = await approved()
    expect(must(await show(id, world.carol, 1_000_000)).unseen).toEqual([])
  })

  test('look three times within the hour, and not once more', async () => {
    const id = await approved()
    for (let n = 0; n < mostShowings; n++) must(await show(id))
    expect(await stateOf(id)).toBe('over')
    expect(await show(id)).toMatchObject(refused('session.opening_over'))
    const row = await rowOf(id)
    expect(await past(row, world.carol, look(row, world.carol))).toMatchObject(refused('recording.opening_used'))
  })

  test('end it before its time', async () => {
    const id = await approved()
    must(await withdrawOpening(deps, as(olga), id))
    expect(await show(id)).toMatchObject(refused('session.opening_over'))
    const row = await rowOf(id)
    const anyway = { ...look(row, world.carol), state: 'approved' }
    expect(await past(row, world.carol, anyway)).toMatchObject(refused('recording.opening_state'))
    expect(await approveOpening(deps, as(olga), id)).toMatchObject(refused('session.opening_over'))
  })
})

describe('nobody alone', () => {
  test('approves what they asked for, neither through the server nor past it', async () => {
    const id = await asked()
    expect(await approveOpening(deps, as(world.carol), id)).toMatchObject(refused('session.own_opening'))
    expect(await past(await rowOf(id), world.carol, yes(world.carol))).toMatchObject(refused('recording.same_officer'))
    // nor in another's name
    expect(await past(await rowOf(id), world.carol, yes(olga))).toMatchObject(refused('keeper.not_authorised'))
    expect(await show(id)).toMatchObject(refused('session.opening_waits'))
  })

  test('is both the officer and the one who typed', async () => {
    expect(await ask(olgas.id, olga)).toMatchObject(refused('session.own_input'))
    const own = { session_id: olgas.id, recording_id: olgas.recording, person_id: olga.id }
    expect(await past(opening(world, { ...own, requester_id: olga.id }), olga, {})).toMatchObject(refused('recording.own_input'))
    // nor by saying that it was somebody else's session
    const other = { ...own, person_id: world.alice.id, requester_id: olga.id }
    expect(await past(opening(world, other), olga, {})).toMatchObject(refused('recording.opening_of_other'))
    const id = await asked(olgas.id)
    expect(await approveOpening(deps, as(olga), id)).toMatchObject(refused('session.own_input'))
    expect(await withdrawOpening(deps, as(olga), id)).toMatchObject(refused('session.own_input'))
    expect(await past(await rowOf(id), olga, yes(olga))).toMatchObject(refused('recording.own_input'))
    expect(await past(await rowOf(id), olga, { state: 'withdrawn', withdrawn_by: olga.id })).toMatchObject(refused('recording.own_input'))
  })

  test('who is no security officer asks or approves', async () => {
    for (const who of [world.alice, world.dave, world.erin]) {
      expect(await ask(shell.id, who)).toMatchObject({ ok: false })
      expect(await past(await rowOf(await asked()), who, yes(who))).toMatchObject({ ok: false })
    }
    expect(await ask(shell.id, world.dave)).toMatchObject(refused('recording.not_an_officer'))
  })

  test('sees what two others opened', async () => {
    const id = await approved()
    const nina = await world.enrolled('nina', ['security'])
    expect(await show(id, nina)).toMatchObject(refused('session.not_of_the_two'))
    const row = await rowOf(id)
    expect(await past(row, nina, look(row, nina))).toMatchObject(refused('recording.not_of_the_two'))
    expect(await past(row, nina, look(row, world.carol))).toMatchObject(refused('recording.not_of_the_two'))
  })

  test('finds it in a replay', async () => {
    const { presence } = await world.present(world.dave)
    const { reader } = must(await viewRecording(deps, shell.id, { person: world.dave.id, presence }, 'replay'))
    const kinds = new Set<string>()
    for await (const frame of reader.frames()) kinds.add(frame.kind)
    await reader.close()
    expect(kinds.has('hidden') && kinds.has('command')).toBe(true)
    expect(kinds.has('unproven') || kinds.has('undecided')).toBe(false)
  })
})

/** What a server that does as it likes asks of the keeper, with what the ledger has of a look. */
async function lookPast(id: string, who: Somebody = world.carol): Promise<{ opening: string; presence: string; intent: string }> {
  must(await show(id, who))
  const intent = (await saidOf(id)).findLast((entry) => entry.act === 'recording.input_showing')?.id ?? ''
  return { opening: id, presence: (await world.present(who)).presence, intent }
}
const open = (args: { opening: string; presence: string; intent: string }, by = world.keeper) => by.ask('openUnprovenInput', args)
/** A row with the keeper's own seal under it, though none of its rules allowed it. */
const sealed = async (over: Row): Promise<string> => {
  const row = opening(world, {
    ...{ session_id: shell.id, recording_id: shell.recording, person_id: shell.person, requester_id: world.carol.id },
    ...{ ...yes(olga), shown: 1, shown_to: world.carol.id, shown_at: world.clock.now(), ...over },
  })
  await world.attested('input_opening' as FactKind, row)
  return row.id
}
const intentFor = async (id: string, who: Somebody = world.carol) =>
  await world.audit.note(
    { act: 'recording.input_showing', fields: { opening: id, session: shell.id, recording: shell.recording, showing: 1 }, personal: {} },
    who.id as never,
  )
const openSealed = async (over: Row) => {
  const { presence } = await world.present(world.carol)
  const id = await sealed(over)
  return await open({ opening: id, presence, intent: await intentFor(id) })
}

describe('the keeper gives no key', () => {
  test('twice for one look, nor for what the ledger said of an earlier one', async () => {
    const id = await approved()
    const first = await lookPast(id)
    expect(await open(first)).toMatchObject(refused('recording.shown_already'))
    must(await show(id))
    expect(await open(first)).toMatchObject(refused('keeper.no_intent'))
  })

  test('to another presence, another process, or without an entry', async () => {
    const id = await approved()
    const args = await lookPast(id)
    const { presence } = await world.present(olga)
    expect(await open({ ...args, presence })).toMatchObject(refused('recording.not_of_the_two'))
    expect(await open({ ...args, presence: (await world.present(world.dave)).presence })).toMatchObject(refused('recording.not_an_officer'))
    expect(await open({ ...args, intent: 'ent_aaaaaaaaaa' })).toMatchObject(refused('keeper.no_intent'))
    expect(await open(args, world.gateway)).toMatchObject({ ok: false })
  })

  test('on a row that somebody changed, or put back', async () => {
    const changes: [string, unknown][] = [
      ['recording_id', sql.recording],
      ['approver_id', world.carol.id],
      ['shown_to', world.carol.id],
      ['ends_at', new Date(Date.now() + 86_400_000 * 9)],
    ]
    await world.sql('alter table input_opening drop constraint input_opening_takes_two')
    for (const [column, value] of changes) {
      const id = await approved()
      const args = await lookPast(id, column === 'shown_to' ? olga : world.carol)
      await world.sql(`update input_opening set "${column}" = $2 where id = $1`, [id, value])
      const { presence } = column === 'shown_to' ? await world.present(world.carol) : args
      expect(await open({ ...args, presence }), column).toMatchObject(refused('keeper.forged_row'))
    }
    const id = await asked()
    await world.sql("update input_opening set state = 'approved', approver_id = $2, ends_at = $3, shown = 1, shown_to = $4 where id = $1", [
      ...[id, olga.id, new Date(Date.now() + 3_600_000), world.carol.id],
    ])
    const { presence } = await world.present(world.carol)
    expect(await open({ opening: id, presence, intent: await intentFor(id) })).toMatchObject(refused('keeper.forged_row'))
    const used = await approved()
    const before = await rowOf(used)
    const args = await lookPast(used)
    await world.sql('update input_opening set shown = 0, shown_to = null, shown_at = null, revision = $2, mac = $3 where id = $1', [
      ...[used, before.revision, before.mac],
    ])
    expect(await open(args)).toMatchObject(refused('keeper.forged_row'))
    expect(await show(used)).toMatchObject({ ok: false })
  })

  test('for the consent of two to another recording, or of one who is both', async () => {
    // the same row, with nothing wrong in it, does open
    const { presence } = await world.present(world.carol)
    const id = await sealed({})
    must(await open({ opening: id, presence, intent: await intentFor(id) }))
    expect(await openSealed({ recording_id: olgas.recording })).toMatchObject(refused('recording.opening_of_other'))
    await world.sql('alter table input_opening drop constraint if exists input_opening_takes_two')
    expect(await openSealed({ approver_id: world.carol.id })).toMatchObject(refused('recording.same_officer'))
    const own = { session_id: olgas.id, recording_id: olgas.recording, person_id: olga.id }
    await world.sql('alter table input_opening drop constraint if exists input_opening_is_of_others')
    expect(await openSealed(own)).toMatchObject(refused('recording.own_input'))
  })

  test('when its hour is over, or nobody approved it within a day', async () => {
    const id = await approved()
    const waits = await asked()
    const args = await lookPast(id)
    world.later(openingRuns * 1000)
    expect(await show(id)).toMatchObject(refused('session.opening_over'))
    const row = await rowOf(id)
    expect(await past(row, world.carol, look(row, world.carol))).toMatchObject(refused('recording.opening_over'))
    expect(await open({ ...args, presence: (await world.present(world.carol)).presence })).toMatchObject(refused('recording.opening_over'))
    world.later(openingWaits * 1000)
    expect(await approveOpening(deps, as(olga), waits)).toMatchObject(refused('session.opening_over'))
    expect(await past(await rowOf(waits), olga, yes(olga))).toMatchObject(refused('recording.opening_over'))
  })

  test('once one of the two is no officer any more, or is disabled', async () => {
    const pia = await world.enrolled('pia', ['security', 'engineers'])
    const id = await asked()
    must(await approveOpening(deps, as(pia), id))
    const args = await lookPast(id)
    const change = async (over: Row) => must(await world.write([await again(world, 'person', pia.id, over)], world.stepUp(world.carol)))
    await change({ groups: ['engineers'] })
    expect(await show(id)).toMatchObject(refused('recording.not_an_officer'))
    await change({ state: 'disabled' })
    expect(await show(id)).toMatchObject(refused('access.person_not_active'))
    expect(await open({ ...args, presence: (await world.present(world.carol)).presence })).toMatchObject(
      refused('access.person_not_active'),
    )
  })

  test('of a recording that is destroyed', async () => {
    const id = await approved(sql.id)
    const args = await lookPast(id)
    const at = world.clock.now()
    const destroyed = {
      id: destructionOfRecording(sql.recording),
      recording_id: sql.recording,
      session_id: sql.id,
      class: 'rtc_sox0000000',
    }
    await world.attested('recording_destruction' as FactKind, { ...destroyed, kept_until: at, at, state: 'ordered' })
    expect(await show(id)).toMatchObject(refused('session.recording_destroyed'))
    expect(await ask(sql.id)).toMatchObject(refused('session.recording_destroyed'))
    expect(await open({ ...args, presence: (await world.present(world.carol)).presence })).toMatchObject({ ok: false })
  })

  test('after a new epoch of the ledger, for what was asked before it', async () => {
    const [id, waits] = [await approved(), await asked()]
    world.beginEpoch()
    expect(await show(id)).toMatchObject(refused('recording.opening_over'))
    expect(await past(await rowOf(waits), olga, yes(olga))).toMatchObject(refused('recording.opening_over'))
  })
})
