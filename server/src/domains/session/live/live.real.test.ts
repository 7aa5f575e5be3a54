import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { live as api } from '@claviger/api'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until as untilIs } from '../../../../../test/support/until.ts'
import type { Admitted, LiveSession } from '../../../gateways/contract.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { type Listener, listen } from '../../../platform/db/listen.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { createSessionHost, createWatching, type Host } from '../index.ts'
import { endSessionsOf } from './end-sessions-of.ts'
import { type OrderDeps, orderSession, type What } from './order-session.ts'

/* A gateway and an api process as they are: each with its own role in the database, joined by nothing but it. */

const until = (ask: () => Promise<boolean> | boolean) => untilIs(String(ask), ask, 60)

let world: World
let host: Host
const pools: pg.Pool[] = []
const listeners: Listener[] = []
let watching: ReturnType<typeof createWatching>
let orders: OrderDeps

beforeAll(async () => {
  world = await openWorld()
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  const { clock, gateway, keeper } = world
  const dbAs = (role: 'gateway' | 'server') => {
    const pool = openPool(world.database.connection(role), 6)
    pools.push(pool)
    return openDb(pool)
  }
  const db = dbAs('gateway')
  const log = () => undefined
  host = createSessionHost({
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now, log },
    ...{
      reachable: { ssh: ['linux-ssh'], postgres: ['postgres'], mysql: [] },
      rotationMs: 20_000,
      decide: createDecide(gateway),
      shortestSeconds: 20,
    },
    ...{ connects: () => true, console: 'http://localhost' },
  })
  const server = dbAs('server')
  orders = { db: server, audit: createActs({ db: server, keeper, now: clock.now }) }
  watching = createWatching({ ...orders, keeper, log })
  listeners.push(
    await listen(world.database.connection('gateway'), { session_attend: host.attend, session_end_ordered: host.endOrdered }),
    await listen(world.database.connection('server'), { session_live: watching.sent }),
  )
  must(await keeper.ask('storeCredential', { account: world.deploy.id, credential: 'password', public: null }, Secret.fromText('hunter2')))
})
afterAll(async () => {
  watching?.close()
  for (const listener of listeners) await listener.close()
  for (const pool of pools) await pool.end()
  await world?.close()
})

let session: LiveSession
let said: string[]
let held: boolean
let terminal: boolean
beforeEach(async () => {
  const { grant } = await granted(world, world.alice, world.deploy, world.bob)
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const admitted: Admitted = { person: world.alice.id, attempt, admitted: true, presence: (await world.present(world.alice)).presence }
  const how = { kind: 'shell' as const, term: { columns: 80, rows: 24, name: 'xterm' } }
  session = must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, how))
  said = []
  held = false
  terminal = true
  session.overseen({
    say: (sentence) => terminal && said.push(sentence) > 0,
    suspend() {
      held = true
    },
    resume() {
      held = false
    },
  })
})
const seen: Seen[] = []
afterEach(async () => {
  for (const one of seen.splice(0)) one.lines.destroy()
  await session.ended({ reason: 'closed', exitStatus: 0 })
})

interface Seen {
  lines: Readable
  events: api.LiveEvent[]
  text(): string
}
const watcher = async (person: World['carol'], groups: readonly string[]) => ({
  ...{ person: person.id, groups, presence: (await world.present(person)).presence, still: async () => true },
})
let carols: ReturnType<typeof watcher> | undefined
const officer = async () => {
  // one code for all
  carols ??= watcher(world.carol, ['security'])
  return await carols
}
async function watch(covert?: string): Promise<Seen> {
  const lines = must(await watching.watch(session.id, await officer(), covert))
  const events: api.LiveEvent[] = []
  lines.on('data', (line: string) => events.push(api.liveEvent.parse(JSON.parse(line))))
  const one = { lines, events, text: () => events.map((e) => (e.kind === 'output' ? e.text : '')).join('') }
  seen.push(one)
  return one
}
const entries = async () =>
  ((await world.entries()) as unknown as { act: string; phase: string; by: string | null; fields: Row }[]).filter(
    (e) => e.fields.session === session.id,
  )
const acts = async () => (await entries()).map((e) => `${e.act} ${e.phase}`)

describe('a session that is watched', () => {
  test('is seen with what happened before and as it goes on, and the person is told when it begins and ends', async () => {
    session.recorder.output(Buffer.from('before\r\n$ '))
    const one = await watch()
    await until(() => one.events.some((e) => e.kind === 'now'))
    session.recorder.output(Buffer.from('after\r\n$ '))
    await until(() => one.text() === 'before\r\n$ after\r\n$ ')
    expect(one.events[0]).toEqual({ kind: 'began', what: 'terminal', columns: 80, rows: 24 })
    expect(said).toEqual(['carol watches this session now.'])
    one.lines.destroy()
    await until(() => said.length === 2)
    expect(said[1]).toBe('carol watches this session no more.')
    await until(async () => (await acts()).includes('session.watched outcome'))
    const [begun, over] = (await entries()).filter((e) => e.act.startsWith('session.watch'))
    expect(begun).toMatchObject({ phase: 'intent', by: world.carol.id, fields: { kind: 'announced' } })
    expect(over).toMatchObject({ by: world.carol.id, fields: { why: 'viewer_left' } })
  })

  test('is seen by several, each with all of it', async () => {
    const both = await Promise.all([watch(), watch()])
    await until(() => both.every((one) => one.events.some((e) => e.kind === 'now')))
    session.recorder.output(Buffer.from('for both'))
    await until(() => both.every((one) => one.text() === 'for both'))
  })

  test('shows nothing of what was typed unseen', async () => {
    const one = await watch()
    session.recorder.output(Buffer.from('Password: '))
    session.recorder.input(Buffer.from('correct horse\r'))
    session.recorder.output(Buffer.from('\r\nwelcome'))
    await until(() => one.text().includes('welcome'))
    expect(JSON.stringify(one.events)).not.toContain('horse')
    expect(await world.sql(`select count(*)::int as n from session_live where position('welcome'::bytea in block) > 0`)).toEqual([{ n: 0 }])
  })

  test('covertly gives the person not one byte and no line that they may read', async () => {
    const one = await watch('suspected theft')
    await until(() => one.events.some((e) => e.kind === 'now'))
    session.recorder.output(Buffer.from('unaware'))
    await until(() => one.text() === 'unaware')
    one.lines.destroy()
    await until(async () => (await acts()).includes('session.watched outcome'))
    expect(said).toEqual([])
    expect((await entries()).find((e) => e.act === 'session.watching')).toMatchObject({ by: world.carol.id, fields: { kind: 'covert' } })
  })

  test('ends for who watches with its last words and why', async () => {
    const one = await watch()
    await until(() => one.events.some((e) => e.kind === 'now'))
    session.recorder.output(Buffer.from('logout\r\n'))
    await session.ended({ reason: 'idle' })
    await until(() => one.events.at(-1)?.kind === 'over')
    expect(one.text()).toBe('logout\r\n')
    expect(one.events.at(-1)).toEqual({ kind: 'over', why: 'session_over', endReason: 'idle' })
  })

  test('goes on as if nothing were when a watcher stops reading, and that one is let go', async () => {
    const lines = must(await watching.watch(session.id, await officer(), undefined))
    const noise = Buffer.alloc(64 * 1024)
    for (let n = 0; n < 400 && !(await acts()).includes('session.watched outcome'); n++) {
      for (let i = 0; i < noise.length; i += 4) noise.writeUInt32LE(Math.trunc(Math.random() * 2 ** 32), i)
      session.recorder.output(noise)
      await session.recorder.pressure()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until(async () => (await acts()).includes('session.watched outcome'))
    expect((await entries()).find((e) => e.act === 'session.watched')).toMatchObject({ fields: { why: 'too_slow' } })
    expect(lines.destroyed).toBe(true)
    expect(await world.sql('select count(*)::int as n from session_live')).toEqual([{ n: 0 }])
  })
})

describe('an officer', () => {
  const order = async (what: What, words: string) => must(await orderSession(orders, session.id, what, words, world.carol.id))

  test('tells the person something, once', async () => {
    expect(await order('message', 'Stop at five, please.')).toBe('done')
    host.attend('')
    expect(await order('message', 'Thank you.')).toBe('done')
    expect(said).toEqual(['A message of an officer: Stop at five, please.', 'A message of an officer: Thank you.'])
    expect(await acts()).toContain('session.message_ordered done')
  })

  test('hears when there is no terminal to show it in', async () => {
    terminal = false
    expect(await order('message', 'Hello?')).toBe('not_shown')
  })

  test('holds the session and lets it go on, and the person is told why', async () => {
    expect(await order('suspend', 'Wait for the second pair of eyes.')).toBe('done')
    expect(held).toBe(true)
    expect(await order('resume', 'Seen.')).toBe('done')
    expect(held).toBe(false)
    expect(said[0]).toContain('Wait for the second pair of eyes.')
    expect(said).toHaveLength(2)
    expect((await acts()).filter((act) => /suspend|resume/.test(act))).toEqual([
      'session.suspend_ordered done',
      'session.resume_ordered done',
    ])
  })

  test('ends all of a person at once, in one act', async () => {
    const cut: string[] = []
    session.onCut((reason) => cut.push(reason))
    expect(must(await endSessionsOf(orders, world.alice.id, 'lost laptop', world.carol.id))).toBeGreaterThanOrEqual(1)
    await until(() => cut.length > 0)
    expect(cut[0]).toBe('ended_by_officer')
    expect(await acts()).toContain('session.end_ordered done')
  })

  test('orders nothing of a session that has ended', async () => {
    await session.ended({ reason: 'closed' })
    expect(await orderSession(orders, session.id, 'suspend', 'late', world.carol.id)).toMatchObject({
      ok: false,
      error: { code: 'session.not_running' },
    })
    expect(await acts()).toContain('session.suspend refused')
  })
})

describe('nobody watches', () => {
  const refused = async (who: Awaited<ReturnType<typeof watcher>>, covert?: string) => await watching.watch(session.id, who, covert)

  test('whom the keeper does not know as a viewer, whatever the api process says of their groups', async () => {
    const ben = await watcher(world.bob, ['security'])
    expect(await refused(ben)).toMatchObject({ ok: false, error: { code: 'recording.not_a_viewer' } })
    expect(await world.sql('select count(*)::int as n from session_watch where by_person = $1', [world.bob.id])).toEqual([{ n: 0 }])
  })

  test('with an entry in the name of somebody else, or for another recording', async () => {
    const { presence } = await world.present(world.carol)
    const [row] = (await world.sql('select recording_id from session where id = $1', [session.id])) as { recording_id: string }[]
    const other = (await entries()).find((e) => e.act === 'session.opening') as unknown as { id: string }
    const asked = await world.keeper.ask('openRecording', { recording: row?.recording_id ?? '', presence, intent: other.id })
    expect(asked).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
  })

  test('covertly without being an officer', async () => {
    expect(await refused({ ...(await officer()), groups: ['auditors'] }, 'curious')).toMatchObject({
      ok: false,
      error: { code: 'session.covert_takes_officer' },
    })
  })

  test('what has ended', async () => {
    await session.ended({ reason: 'closed' })
    expect(await refused(await officer())).toMatchObject({ ok: false, error: { code: 'session.not_running' } })
  })
})
