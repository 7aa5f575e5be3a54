import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { How, LiveSession } from '../../../gateways/contract.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type World } from '../../../keeper/test/world.ts'
import type { PersonId, SessionId } from '../../../kernel/id.ts'
import { Secret } from '../../../kernel/secret.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { makeOutline, OutlineThread, openEnds, openStored, outlineEnds, readRecording } from '../../recording/index.ts'
import { viewed } from '../events.ts'
import { indexRecordings } from '../search/index-recordings.ts'
import { createSessionHost, type Host } from '../session-host.ts'
import { OpenViews } from '../views/open-views.ts'
import { type Growing, goOnAhead } from './go-on-ahead.ts'
import { type Ahead, keepAhead } from './keep-ahead.ts'
import { type OpenReplay, type OpenReplayDeps, openReplay } from './open-replay.ts'
import { keptOutline } from './outline-of.ts'
import { replayPart } from './replay-part.ts'

let world: World
let pool: pg.Pool
let host: Host
let recordings: string
let grant: string
let deps: OpenReplayDeps

beforeAll(async () => {
  world = await openWorld()
  recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 4)
  host = hostWith(undefined)
  const credential = { account: world.deploy.id, credential: 'password' as const, public: null }
  must(await world.keeper.ask('storeCredential', credential, Secret.fromText('injected')))
  grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
  deps = { ...world, recordings, replays: new OpenViews() }
})
/** A gateway, which makes outlines of what runs as `ahead` does. */
function hostWith(ahead: Ahead | undefined): Host {
  const { clock, gateway } = world
  const db = openDb(pool)
  return createSessionHost({
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now, ahead },
    ...{
      reachable: { ssh: ['linux-ssh'], postgres: [], mysql: [] },
      rotationMs: 20_000,
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      log: () => undefined,
    },
    ...{ decide: createDecide(gateway), shortestSeconds: 20, connects: () => true, console: 'http://localhost' },
  })
}
/** Another process of this installation, which has nothing open. */
const elsewhere = (): OpenReplayDeps => ({ ...deps, replays: new OpenViews() })
const all: OpenReplay[] = []
afterAll(async () => {
  for (const { id } of all) deps.replays.drop(id)
  await pool?.end()
  await world?.close()
})

const inTerminal: How = { kind: 'shell', term: { columns: 80, rows: 24, name: 'xterm' } }
async function began(at = host, how = inTerminal): Promise<LiveSession> {
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  const held = { id: grant as never, remainingMs: 3_600_000 }
  return must(await at.open({ person: world.alice.id, attempt, admitted: true, presence }, held, how))
}
const line = (n: number) => `row ${n} ${String((n * 7919) % 100_003).padEnd(60, '.')}\r\n`
/** Enough for three parts and more. */
const rows = 12_000
async function work(live: LiveSession): Promise<void> {
  live.recorder.input(Buffer.from('seq\r'))
  live.recorder.output(Buffer.from('$ seq\r\n'))
  for (let n = 0; n < rows; n += 100) {
    live.recorder.output(Buffer.from(Array.from({ length: 100 }, (_, i) => line(n + i)).join('')))
    await live.recorder.pressure()
  }
  live.recorder.output(Buffer.from('last words\r\n'))
}
async function recorded(): Promise<SessionId> {
  const live = await began()
  await work(live)
  await live.ended({ reason: 'closed', exitStatus: 0 })
  return live.id as SessionId
}
const fileOf = async (session: string): Promise<{ recording: string; path: string }> => {
  const [row] = await world.sql('select id from recording where session_id = $1', [session])
  return { recording: String(row?.id), path: join(recordings, `${row?.id}.clvr`) }
}
const opening = async (session: SessionId, who = world.dave) => await openReplay(deps, session, await viewer(who))
const opened = async (session: SessionId): Promise<OpenReplay> => {
  const replay = must(await opening(session))
  all.push(replay)
  return replay
}
/** Signed in once each. */
const presences = new Map<unknown, string>()
const viewer = async (who: World['dave']) => {
  const presence = presences.get(who.id) ?? (await world.present(who)).presence
  presences.set(who.id, presence)
  return { person: who.id as PersonId, presence }
}
/** As whoever opened it asks for it, at this server or at another one. */
const part = async ({ id, session }: OpenReplay, n: number, who = world.dave, at = deps) =>
  await replayPart(at, { session, replay: id, n }, await viewer(who))
const kept = async (recording: string) =>
  Number((await world.sql('select count(*) as n from recording_outline where recording_id = $1', [recording]))[0]?.n)
const entriesAbout = async (session: string, act: string) =>
  (await world.entries()).filter((e) => e.act === act && e.fields.session === session)

/** All that a player would show, and what stands on it at the beginnings of its parts. */
async function shown(replay: OpenReplay) {
  const parts = []
  for (const n of replay.outline.stretches.keys()) parts.push(must(await part(replay, n)))
  return { parts, text: parts.flatMap((one) => one.events.map(([, , data]) => data)).join('') }
}

describe('a recording that is replayed in parts', () => {
  let session: SessionId
  beforeAll(async () => {
    session = await recorded()
  })

  test('shows all of it, each part behind the screen with which it began, and is one viewing in the ledger', async () => {
    const replay = await opened(session)
    const { parts, text } = await shown(replay)
    expect(parts.length).toBeGreaterThan(2)
    expect(text).toBe(`$ seq\r\n${Array.from({ length: rows }, (_, n) => line(n)).join('')}last words\r\n`)
    const [, second] = parts
    const before =
      parts[0]?.events
        .map(([, , data]) => data)
        .join('')
        .trimEnd()
        .split('\r\n')
        .at(-1) ?? ''
    expect(second?.screen).toMatchObject({ columns: 80, rows: 24, seconds: replay.outline.stretches[1]?.seconds })
    expect(second?.screen.text).toContain(before.slice(0, 10))
    expect(replay.outline.commands.map((one) => one.text)).toEqual(['seq'])
    expect(await entriesAbout(session, 'recording.viewed')).toMatchObject([{ by: world.dave.id, fields: { how: 'replay' } }])
  })

  test('was read to its end for that once; whoever opens it then waits for nothing, and the whole is verified meanwhile', async () => {
    const { recording } = await fileOf(session)
    expect(await kept(recording)).toBeGreaterThan(3)
    const replay = await opened(session)
    await replay.whole.done
    expect(replay.whole.verified).toMatchObject({ ok: true, interrupted: false })
    expect(replay.whole.checked).toBe(replay.source.size)
    expect((await shown(replay)).text).toContain('last words')
  })

  test('has its outline when it is put into the search, before anybody opens it', async () => {
    const fresh = await recorded()
    const { recording } = await fileOf(fresh)
    expect(await kept(recording)).toBe(0)
    await indexRecordings({ db: world.db, audit: world.audit, keeper: world.keeper, recordings, log: () => undefined })
    expect(await kept(recording)).toBeGreaterThan(3)
    expect(await entriesAbout(fresh, 'recording.viewed')).toEqual([])
    expect((await shown(await opened(fresh))).text).toContain('last words')
  })

  test('while it is still written: as far as it was when it was opened; the next look reads what came since, and nothing before that', async () => {
    const live = await began()
    await work(live)
    const { recording, path } = await fileOf(live.id)
    const replay = await opened(live.id as SessionId)
    const before = (await shown(replay)).text
    expect(before.length).toBeGreaterThan(100_000)
    expect(replay.whole.verified).toMatchObject({ ok: true, interrupted: true })
    const known = replay.outline.stretches.length
    expect(await kept(recording)).toBe(known + 2)

    // somebody alters what lies before: whoever looks is not kept from what happens now, and the whole does not verify
    const { from, to } = replay.outline.stretches[0] as { from: number; to: number }
    const altered = openSync(path, 'r+')
    const [byte] = readFileSync(path).subarray((from + to) >> 1)
    writeSync(altered, Buffer.of((byte as number) ^ 1), 0, 1, (from + to) >> 1)
    await work(live)
    const words = (one: OpenReplay) => one.outline.stretches.length
    await expect.poll(async () => words(await opened(live.id as SessionId))).toBeGreaterThan(known + 2)
    const later = await opened(live.id as SessionId)
    expect(await part(later, 0)).toMatchObject({ ok: false, error: { code: 'recording.chunk_altered' } })
    expect((await part(later, words(later) - 1)).ok).toBe(true)
    await later.whole.done
    expect(later.whole.verified).toMatchObject({ ok: false, message: expect.stringContaining('altered') })
    writeSync(altered, Buffer.of(byte as number), 0, 1, (from + to) >> 1)
    closeSync(altered)

    await live.ended({ reason: 'closed', exitStatus: 0 })
    await indexRecordings({ db: world.db, audit: world.audit, keeper: world.keeper, recordings, log: () => undefined })
    const whole = (await shown(await opened(live.id as SessionId))).text
    expect(whole.split('last words')).toHaveLength(3)
    expect(whole.startsWith(before)).toBe(true)
    // who opened it before is shown by what they have, also at another server, and that is no alarm
    expect((await shown(replay)).text.startsWith(before)).toBe(true)
    for (const n of replay.outline.stretches.keys()) expect((await part(later, n, world.dave, elsewhere())).ok).toBe(true)
    expect(await entriesAbout(live.id, 'alarm.replay_outline')).toEqual([])
  })

  test('shows its parts at another server as well, and after a restart, under the entry of its opening', async () => {
    const replay = await opened(session)
    const before = await entriesAbout(session, 'recording.viewed')
    const there = elsewhere()
    const parts = await Promise.all(replay.outline.stretches.map((_, n) => part(replay, n, world.dave, there)))
    expect(parts.map(must)).toEqual((await shown(replay)).parts)
    expect(await entriesAbout(session, 'recording.viewed')).toEqual(before)
    expect(before.at(-1)).toMatchObject({ id: replay.id, by: world.dave.id })
  })

  test('is not shown under an entry that says something else, were it in the database', async () => {
    const replay = await opened(session)
    const commands = await world.audit.note(viewed({ session, recording: replay.recording, how: 'commands' }), world.dave.id)
    const over = { ok: false, error: { code: 'session.view_over' } }
    expect(await part({ ...replay, id: commands }, 0)).toMatchObject(over)
    // what somebody writes there, the keeper did not sign
    await world.sql('alter table ledger_entry disable trigger user')
    await world.sql(
      `update ledger_entry set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '"how":"commands"', '"how":"replay"'), 'UTF8') where id = $1`,
      [commands],
    )
    expect(await part({ ...replay, id: commands }, 0)).toMatchObject(over)
    await world.sql(
      `update ledger_entry set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '"how":"replay"', '"how":"commands"'), 'UTF8') where id = $1`,
      [commands],
    )
    await world.sql('alter table ledger_entry enable trigger user')
  })

  test('gives no part to who did not open it, nor by another session, nor once it is over', async () => {
    const replay = await opened(session)
    const other = await recorded()
    const over = { ok: false, error: { code: 'session.view_over' } }
    for (const at of [deps, elsewhere()]) {
      expect(await part({ ...replay, id: 'ent_aaaaaaaaaa' }, 0, world.dave, at)).toMatchObject(over)
      // the one is a viewer as well, the other not even that
      expect(await part(replay, 0, world.carol, at)).toMatchObject(over)
      expect(await part(replay, 0, world.alice, at)).toMatchObject(over)
      expect(await part({ ...replay, session: other }, 0, world.dave, at)).toMatchObject(over)
      expect(await part(replay, 1_000, world.dave, at)).toMatchObject(over)
      expect((await part(replay, 0, world.dave, at)).ok).toBe(true)
    }
    expect(await opening(session, world.alice)).toMatchObject({ ok: false, error: { code: 'recording.not_a_viewer' } })
  })
})

describe('a terminal that runs, and into which nobody looked', () => {
  const thread = new OutlineThread()
  const growing: Growing[] = []
  let watching: Host
  beforeAll(() => {
    watching = hostWith({
      follow(one) {
        growing.push(one)
        return () => undefined
      },
    })
  })
  afterAll(() => thread.close())
  const ahead = (one: Growing, most?: number) => goOnAhead({ db: openDb(pool), thread }, one, most)
  /** A session that showed so much, all of which is on the disk, and its recording in the process that writes it. */
  async function running(): Promise<{ live: LiveSession; one: Growing }> {
    const live = await began(watching)
    await work(live)
    const one = growing.at(-1) as Growing
    await written(live, one)
    return { live, one }
  }
  const written = async (live: LiveSession, one: Growing) => {
    const { bytes } = one.written()
    live.recorder.output(Buffer.from('and so on\r\n'))
    await expect.poll(() => one.written().bytes, { timeout: 30_000 }).toBeGreaterThan(bytes)
    await live.recorder.pressure()
  }
  const keptOf = async ({ facts: { recording }, viewers }: Growing) => {
    const ends = await outlineEnds(world.db, recording)
    return ends && (await openEnds(viewers, recording, ends))
  }
  /** A file of which is noted what is asked for. */
  async function noted(one: Growing) {
    const source = must(await openStored({ recordings }, one.facts.recording))
    if (!source) throw new Error('there is no such file')
    const asked = { lowest: source.size, bytes: 0 }
    const read = async (from: number, length: number) => {
      asked.lowest = Math.min(asked.lowest, from)
      asked.bytes += length
      return await source.read(from, length)
    }
    return { source: { ...source, read }, asked }
  }

  test('is read behind it by the gateway: the first look shows what a reading of all of it would, and reads only what came since', async () => {
    const { live, one } = await running()
    expect(await ahead(one, 64 * 1024)).toBe('more')
    await expect.poll(() => ahead(one, 512 * 1024), { timeout: 30_000 }).toBe('done')
    const { bytes: known } = (await keptOf(one))?.outline ?? { bytes: 0 }
    live.recorder.output(Buffer.from('\x1b[2;5H\x1b[31mwhat came since\x1b[0m'))
    await written(live, one)

    const { viewers, facts } = one
    const { source, asked } = await noted(one)
    const of = { session: live.id, recording: facts.recording, viewers }
    const ends = await outlineEnds(world.db, facts.recording)
    const found = await keptOutline(world, of, { manifest: undefined, ends, source })
    expect(asked.lowest).toBe(known)
    expect(source.size).toBeGreaterThan(known)
    // a block is asked for twice: where it begins, and whole
    expect(asked.bytes).toBeLessThan(3 * (source.size - known) + 1024)

    const { outline: whole, screens, end } = await makeOutline(must(await readRecording(source, { viewers })), false)
    const outline = { ...found?.outline, stretches: found?.outline.stretches.map(({ making: _, ...stretch }) => stretch) }
    expect(outline).toEqual(whole)
    expect(screens.length).toBeGreaterThan(2)
    for (const [n, screen] of screens.entries()) expect(await found?.screen(n), `${n}`).toEqual(screen)
    expect((await keptOf(one))?.end).toEqual(end)
    expect(end.text).toContain('what came since')
    await source.close()
    // nobody looked, and nothing says so
    expect(await entriesAbout(live.id, 'recording.viewed')).toEqual([])
    await live.ended({ reason: 'closed', exitStatus: 0 })
  })

  test('is shown to who looks in while the gateway goes on, and afterwards', async () => {
    const live = await began(hostWith(keepAhead({ db: openDb(pool), log: () => undefined })))
    const { recording, path } = await fileOf(live.id)
    await work(live)
    // three parts and what stands at their end: then most of it was read
    await expect.poll(() => kept(recording), { timeout: 30_000 }).toBeGreaterThan(4)
    // whoever read it from its beginning would come no farther than here
    const file = openSync(path, 'r+')
    const at = 20_000
    const byte = readFileSync(path)[at] as number
    writeSync(file, Buffer.of(byte ^ 1), 0, 1, at)
    const replay = await opened(live.id as SessionId)
    const last = must(await part(replay, replay.outline.stretches.length - 1))
    expect(last.events.map(([, , data]) => data).join('')).toContain('last words')
    await replay.whole.done
    expect(replay.whole.verified).toMatchObject({ ok: false, message: expect.stringContaining('altered') })
    writeSync(file, Buffer.of(byte), 0, 1, at)
    closeSync(file)
    for (let n = 0; n < 5; n++) {
      await work(live)
      const { parts } = await shown(await opened(live.id as SessionId))
      expect(parts.length).toBeGreaterThan(3)
    }
    expect((await shown(replay)).text).toContain('last words')
    await live.ended({ reason: 'closed', exitStatus: 0 })
    await indexRecordings({ db: world.db, audit: world.audit, keeper: world.keeper, recordings, log: () => undefined })
    const after = await opened(live.id as SessionId)
    expect((await shown(after)).text.split('last words')).toHaveLength(7)
    await after.whole.done
    expect(after.whole.verified).toMatchObject({ ok: true })
    expect(await entriesAbout(live.id, 'alarm.replay_outline')).toEqual([])
  })

  test('is shown from where the gateway is by then to who opens it while it goes on', async () => {
    const { live, one } = await running()
    await expect.poll(() => ahead(one), { timeout: 30_000 }).toBe('done')
    const { path } = one
    const file = openSync(path, 'r+')
    const byte = readFileSync(path)[20_000] as number
    // again: whoever read it from its beginning would come no farther than here
    writeSync(file, Buffer.of(byte ^ 1), 0, 1, 20_000)
    // between the opening of the file and the key that the keeper gives
    const note: typeof world.audit.note = async (...entry) => {
      live.recorder.output(Buffer.from('meanwhile\r\n'))
      await written(live, one)
      expect(await ahead(one)).toBe('done')
      return await world.audit.note(...entry)
    }
    const meanwhile = { ...deps, audit: { ...world.audit, note } }
    const replay = must(await openReplay(meanwhile, live.id as SessionId, await viewer(world.dave)))
    all.push(replay)
    const last = must(await part(replay, replay.outline.stretches.length - 1))
    expect(last.events.map(([, , data]) => data).join('')).toContain('meanwhile')
    writeSync(file, Buffer.of(byte), 0, 1, 20_000)
    closeSync(file)
    await live.ended({ reason: 'closed', exitStatus: 0 })
  })

  test.each([
    ['the outline', 'update recording_outline set sealed = substring(sealed for 40) where recording_id = $1 and n = 0', 1],
    ['what stood at its end', 'update recording_outline set sealed = substring(sealed for 100) where recording_id = $1 and n > 0', 0],
    ['nothing of that', 'delete from recording_outline where recording_id = $1 and n > 0', 0],
    ['a row behind it', `insert into recording_outline (recording_id, n, sealed) values ($1, 1000, 'x')`, 0],
  ])(
    'is read anew where %s lies there cut or put in, by who looks: the gateway goes on with nothing that it did not make',
    async (_, sql, alarms) => {
      const { live, one } = await running()
      await expect.poll(() => ahead(one), { timeout: 30_000 }).toBe('done')
      const { recording } = one.facts
      await world.sql(sql, [recording])
      const before = await world.sql('select n, sealed from recording_outline where recording_id = $1 order by n', [recording])
      await written(live, one)
      expect(await ahead(one)).toBe('unfit')
      expect(await world.sql('select n, sealed from recording_outline where recording_id = $1 order by n', [recording])).toEqual(before)
      expect((await shown(await opened(live.id as SessionId))).text).toContain('last words')
      expect(await entriesAbout(live.id, 'alarm.replay_outline')).toHaveLength(alarms)
      await written(live, one)
      expect(await ahead(one)).toBe('done')
      await live.ended({ reason: 'closed', exitStatus: 0 })
    },
  )

  test('is what is read: what has no terminal, such as a large copy, is not', async () => {
    const before = growing.length
    const live = await began(watching, { kind: 'exec', command: 'cat large' })
    await live.ended({ reason: 'closed', exitStatus: 0 })
    expect(growing.length).toBe(before)
  })
})

describe('somebody who can write where recordings and their outlines lie', () => {
  test('shows nothing that they altered: that part is refused, the others are as they were, and the whole is not verified', async () => {
    const session = await recorded()
    await opened(session)
    const { path } = await fileOf(session)
    const replay = await opened(session)
    const { from, to } = replay.outline.stretches[1] as { from: number; to: number }
    const bytes = readFileSync(path)
    const at = Math.floor((from + to) / 2)
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(path, bytes)
    for (const open of [replay, await opened(session)]) {
      expect(await part(open, 1)).toMatchObject({ ok: false, error: { code: 'recording.chunk_altered' } })
      expect((await part(open, 0)).ok).toBe(true)
      expect((await part(open, 2)).ok).toBe(true)
    }
    const later = await opened(session)
    await later.whole.done
    expect(later.whole.verified).toMatchObject({ ok: false, message: expect.stringContaining('altered') })
  })

  test('moves no chunks and cuts none off', async () => {
    const session = await recorded()
    const replay = await opened(session)
    const { path } = await fileOf(session)
    const [a, b] = replay.outline.stretches.slice(1, 3) as unknown as [{ from: number; to: number }, { from: number; to: number }]
    const bytes = readFileSync(path)
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, a.from), bytes.subarray(b.from, b.to), bytes.subarray(a.from, a.to), bytes.subarray(b.to)]),
    )
    const moved = await opened(session)
    expect((await part(moved, 1)).ok).toBe(false)
    expect((await part(moved, 2)).ok).toBe(false)
    await moved.whole.done
    expect(moved.whole.verified?.ok).toBe(false)
    writeFileSync(path, bytes.subarray(0, a.to))
    const cut = await opened(session)
    expect((await part(cut, 2)).ok).toBe(false)
    await cut.whole.done
    expect(cut.whole.verified?.ok).toBe(false)
  })

  test('leads nobody by an outline of theirs: it does not open, is an alarm, and is made anew', async () => {
    const [session, other] = [await recorded(), await recorded()]
    await opened(session)
    await opened(other)
    const [one, two] = [await fileOf(session), await fileOf(other)]
    const forged = {
      'a changed byte':
        'update recording_outline set sealed = set_byte(sealed, 100, get_byte(sealed, 100) # 1) where recording_id = $1 and n = 0',
      'the outline of another recording': `update recording_outline set sealed = (select sealed from recording_outline where recording_id = '${two.recording}' and n = 0) where recording_id = $1 and n = 0`,
      'something else': `update recording_outline set sealed = 'outline' where recording_id = $1 and n = 0`,
    }
    for (const [n, [what, statement]] of Object.entries(forged).entries()) {
      await world.sql(statement, [one.recording])
      const replay = await opened(session)
      expect((await shown(replay)).text, what).toContain('last words')
      expect(await entriesAbout(session, 'alarm.replay_outline'), what).toHaveLength(n + 1)
      expect(await kept(one.recording), what).toBe(replay.outline.stretches.length + 2)
    }
  })

  test('leads nobody by screens of theirs: the replay stops, and that is an alarm', async () => {
    const session = await recorded()
    const first = await opened(session)
    const { recording } = await fileOf(session)
    const replay = await opened(session)
    await world.sql(
      'update recording_outline a set sealed = b.sealed from recording_outline b where a.recording_id = $1 and b.recording_id = $1 and a.n = 2 and b.n = 3',
      [recording],
    )
    expect(await part(replay, 1)).toMatchObject({ ok: false, error: { code: 'session.outline_altered' } })
    // whoever goes on has what was made anew
    expect((await part(replay, 1)).ok).toBe(true)
    expect(await entriesAbout(session, 'alarm.replay_outline')).toHaveLength(1)
    // whoever had its screens in memory goes on, and who opens it again has them anew
    expect((await part(first, 1)).ok).toBe(true)
    expect((await part(await opened(session), 1)).ok).toBe(true)
  })
})
