import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { session as api } from '@claviger/api'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { LiveSession } from '../../../gateways/contract.ts'
import { granted } from '../../../keeper/test/access.ts'
import type { Row, World } from '../../../keeper/test/world.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { must } from '../../identity/test/house.ts'
import { openListOutline } from '../../recording/index.ts'
import { viewed as viewedEvent } from '../events.ts'
import { indexRecordings } from '../search/index-recordings.ts'
import { openSessions } from '../test/session-world.ts'
import { OpenViews } from '../views/open-views.ts'
import { type OpenListDeps, openedList } from './open-list.ts'
import { showFiles } from './show-files.ts'
import type { Asked } from './show-list.ts'
import { showStatements } from './show-statements.ts'

const sessions = await openSessions()
const { world, host, recordings } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

/** A process of this installation, which has nothing open. */
const process = (): OpenListDeps => ({
  ...{ db: world.db, keeper: world.keeper, audit: world.audit, index: world.index, recordings, lists: new OpenViews() },
})
const presences = new Map<unknown, string>()
const viewer = async (who: World['dave']) => {
  const presence = presences.get(who.id) ?? (await world.present(who)).presence
  presences.set(who.id, presence)
  return { person: who.id as PersonId, presence }
}
const here = process()
const page = async (asked: Partial<Asked> & { session: string }, who = world.dave, at = here) =>
  await showStatements(at, { after: 0, limit: 500, ...asked }, await viewer(who))
const viewings = async (session: string) =>
  (await sessions.about(session)).filter((e) => e.act === 'recording.viewed').map((e) => [e.id, e.fields.how])

/** Statements are masked before they are written, beside what a busy machine does. */
const patient = { interval: 200 }

let number = 0
async function began(): Promise<LiveSession> {
  const name = `orders-${number++}`
  const target = world.target(name, { environment: 'lab', tier: 2, kind: 'postgres' })
  const [account] = (await world.added(target, 'app')) as Row[]
  await sessions.holdsPassword(String(account?.id))
  const { grant } = await granted(world, world.alice, account as never, world.bob, target)
  const { presence } = await world.present(world.alice)
  const admitted = { ...sessions.alice(), presence, attempt: { ...sessions.alice().attempt, door: 'postgres' as const, target: name } }
  return must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, { kind: 'sql', database: 'app' }))
}
/** Long enough for several stretches. */
const long = 'x'.repeat(2_000)
async function asked(live: LiveSession, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) {
    const parameters = [Array.from({ length: 8 }, () => Math.random().toString(36)).join('') + long]
    live.recorder.statementStarted({ n, via: 'extended', sql: `select ${n}`, parameters, unsureEncoding: false, escaped: false })
    live.recorder.statementEnded({ n, durationMs: 1, rows: 1, bytes: 1, outcome: 'ok', tag: `SELECT ${n}` })
    if (n % 20 === 0) await live.recorder.pressure()
    if (n % 20 === 0) await new Promise((done) => setTimeout(done, 10))
  }
}
async function recorded(statements = 700): Promise<{ session: string; recording: string; path: string }> {
  const live = await began()
  await asked(live, 1, statements)
  await sessions.ended(live)
  const recording = await sessions.recordingOf(live.id)
  return { session: live.id, recording, path: join(recordings, `${recording}.clvr`) }
}
const kept = async (recording: string): Promise<Buffer | undefined> =>
  (await world.sql('select sealed from recording_outline where recording_id = $1 and n = 0', [recording]))[0]?.sealed
const flipped = (path: string, at: number) => {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] as number) ^ 1
  writeFileSync(path, bytes)
}
const over = { ok: false, error: { code: 'session.view_over' } }

describe('the statements of a session, a page at a time', () => {
  test('are one viewing, from whichever server a page comes', async () => {
    const { session } = await recorded()
    const first = must(await page({ session, limit: 300 }))
    expect(api.sessionStatements.answer.safeParse(first).error).toBeUndefined()
    expect(first).toMatchObject({ total: 700, next: 300, verified: { ok: true, interrupted: false } })
    const { view } = first
    const second = must(await page({ session, after: 300, limit: 300, view }, world.dave, process()))
    const third = must(await page({ session, after: 600, limit: 300, view }))
    expect([second.view, second.next, third.view, third.next]).toEqual([view, 600, view, null])
    const all = [first, second, third].flatMap((one) => one.statements)
    expect(all.map((s) => s.tag)).toEqual(Array.from({ length: 700 }, (_, n) => `SELECT ${n + 1}`))
    expect(await viewings(session)).toEqual([[view, 'statements']])
    // without it, it is another one
    must(await page({ session, after: 300, limit: 1 }))
    expect(await viewings(session)).toHaveLength(2)
  })

  test('are given for nobody else’s viewing, nor for one of another session, or of something else', async () => {
    const [one, other] = [await recorded(3), await recorded(3)]
    const { view } = must(await page({ session: one.session }))
    const commands = await world.audit.note(viewedEvent({ session: one.session, recording: one.recording, how: 'files' }), world.dave.id)
    for (const at of [here, process()]) {
      expect(await page({ session: other.session, view }, world.dave, at)).toMatchObject(over)
      expect(await page({ session: one.session, view }, world.carol, at)).toMatchObject(over)
      expect(await page({ session: one.session, view: 'ent_aaaaaaaaaa' }, world.dave, at)).toMatchObject(over)
      expect(await page({ session: one.session, view: commands }, world.dave, at)).toMatchObject(over)
      expect((await page({ session: one.session, view }, world.dave, at)).ok).toBe(true)
      const files = { session: one.session, after: 0, limit: 1, view }
      expect(await showFiles(at, files, await viewer(world.dave))).toMatchObject(over)
    }
    const none = await showFiles(process(), { session: one.session, after: 0, limit: 1 }, await viewer(world.dave))
    expect(none).toMatchObject({ ok: false, error: { code: 'session.no_files' } })
    expect(await page({ session: one.session }, world.alice)).toMatchObject({ ok: false, error: { code: 'recording.not_a_viewer' } })
  })

  test('are read where they stand once the session was read for its words, and nobody waits for more', async () => {
    const { session, recording, path } = await recorded()
    expect(await kept(recording)).toBeUndefined()
    await indexRecordings({ db: world.db, audit: world.audit, keeper: world.keeper, recordings, log: () => undefined })
    expect(await kept(recording)).toBeDefined()
    // what nobody asks for is not read: a change there says nothing of this page, and the whole does not verify
    flipped(path, readFileSync(path).length - 400)
    const shown = must(await page({ session, limit: 3 }))
    expect(shown.statements.map((s) => s.n)).toEqual([1, 2, 3])
    const list = must(await openedList(here, { session, kind: 'sql', view: shown.view }, await viewer(world.dave)))
    await list.whole.done
    expect(list.whole.verified).toMatchObject({ ok: false, message: expect.stringContaining('altered') })
    expect(list.outline.stretches.length).toBeGreaterThan(2)
  })

  test('are read by as many as ask at once: nothing is closed under whoever reads it', async () => {
    const { session } = await recorded(100)
    await page({ session, limit: 1 })
    const all = await Promise.all(Array.from({ length: 60 }, () => page({ session })))
    expect(all.map((one) => must(one).statements.length)).toEqual(Array(60).fill(100))
    expect(all.map((one) => must(one).verified)).toEqual(Array(60).fill(expect.objectContaining({ ok: true })))
  })

  test('of a session that runs go on from where they were read to, and are kept no longer than they are right', async () => {
    const live = await began()
    await asked(live, 1, 200)
    const recording = await sessions.recordingOf(live.id)
    const total = async () => must(await page({ session: live.id, limit: 1 })).total
    await expect.poll(total, patient).toBe(200)
    const before = must(await page({ session: live.id, limit: 1 }))
    expect(before.verified).toMatchObject({ ok: true, interrupted: true })
    const first = await kept(recording)
    await asked(live, 201, 400)
    await expect.poll(total, patient).toBe(400)
    expect(await kept(recording)).not.toEqual(first)
    // what was opened then is as it was then
    expect(must(await page({ session: live.id, limit: 500, view: before.view })).statements).toHaveLength(200)
    await sessions.ended(live)
    const after = must(await page({ session: live.id, after: 399 }))
    expect(after).toMatchObject({ total: 400, next: null, verified: { ok: true, interrupted: false } })
    expect(after.statements.map((s) => s.tag)).toEqual(['SELECT 400'])
  })
})

describe('somebody who writes where recordings and their outlines lie', () => {
  test('changes a byte between two pages: the page is refused and says where, and whoever begins is shown what stands before', async () => {
    const { session, path } = await recorded()
    const first = must(await page({ session, limit: 100 }))
    const list = must(await openedList(here, { session, kind: 'sql', view: first.view }, await viewer(world.dave)))
    const last = list.outline.stretches.findLast((stretch) => stretch.first <= 700)
    const { from, to, first: number } = last as { from: number; to: number; first: number }
    const at = Math.floor((from + to) / 2)
    flipped(path, at)
    // from where it was not read before
    const there = process()
    const refused = await page({ session, after: number - 1, view: first.view }, world.dave, there)
    expect(refused).toMatchObject({ ok: false, error: { code: 'recording.chunk_altered' } })
    if (!refused.ok)
      expect([(refused.error as { from: number }).from <= at, (refused.error as { to: number }).to > at]).toEqual([true, true])
    // others are what they were
    expect((await page({ session, after: 100, limit: 100, view: first.view }, world.dave, there)).ok).toBe(true)
    const anew = must(await page({ session, after: number - 1 }))
    expect(anew.verified).toMatchObject({ ok: false, message: expect.stringContaining('altered') })
    expect(anew.total).toBeLessThan(700)
    expect(anew.total).toBeGreaterThan(100)
    expect((await viewings(session)).map(([id]) => id)).toEqual([first.view, anew.view])
  })

  test('leads nobody by an outline of theirs: it does not open, is an alarm, and is made anew', async () => {
    const [one, other] = [await recorded(50), await recorded(60)]
    must(await page({ session: one.session }))
    must(await page({ session: other.session }))
    const theirs = await kept(other.recording)
    for (const [n, sealed] of [theirs, Buffer.from('outline')].entries()) {
      await world.sql('update recording_outline set sealed = $2 where recording_id = $1', [one.recording, sealed])
      expect(must(await page({ session: one.session })).total).toBe(50)
      const alarms = (await sessions.about(one.session)).filter((e) => e.act === 'alarm.replay_outline')
      expect(alarms).toHaveLength(n + 1)
      expect(await kept(one.recording)).not.toEqual(sealed)
    }
    const key = must(
      await openedList(here, { session: one.session, kind: 'sql', view: must(await page(one)).view }, await viewer(world.dave)),
    )
    expect(await openListOutline(key.viewers, one.recording, (await kept(one.recording)) ?? Buffer.of())).toEqual(key.outline)
  })

  test('puts no older outline back: what was recorded since is read behind it', async () => {
    const live = await began()
    await asked(live, 1, 40)
    const recording = await sessions.recordingOf(live.id)
    await expect.poll(async () => must(await page({ session: live.id })).total, patient).toBe(40)
    const older = await kept(recording)
    await asked(live, 41, 80)
    await sessions.ended(live)
    expect(must(await page({ session: live.id })).total).toBe(80)
    await world.sql('update recording_outline set sealed = $2 where recording_id = $1', [recording, older])
    expect(must(await page({ session: live.id }))).toMatchObject({ total: 80, verified: { ok: true, interrupted: false } })
  })
})
