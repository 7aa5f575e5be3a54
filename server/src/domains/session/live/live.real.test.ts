import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { live as api } from '@claviger/api'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { until as untilIs } from '../../../../../test/support/until.ts'
import type { Admitted, LiveSession } from '../../../gateways/contract.ts'
import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type Row, type World } from '../../../keeper/test/world.ts'
import { fail } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { type Listener, listen } from '../../../platform/db/listen.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import { createDecide } from '../../access/index.ts'
import { createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { policiesFolder } from '../../policy/test/questions.ts'
import { OutlineThread } from '../../recording/index.ts'
import { ReplayTerminal } from '../../recording/replay/replay-terminal.ts'
import { createSessionHost, createWatching, type Host } from '../index.ts'
import { type Growing, goOnAhead } from '../replay/go-on-ahead.ts'
import { endSessionsOf } from './end-sessions-of.ts'
import type { OrderDeps } from './give-orders.ts'
import { endSession, orderSession, type What } from './order-session.ts'
import { proofOf } from './presence-proof.ts'

/* A gateway and an api process as they are: each with its own role in the database, joined by nothing but it. */

const until = (ask: () => Promise<boolean> | boolean) => untilIs(String(ask), ask, 60)

/** What is added to the shipped policies: on staging nothing passes that nobody else sees. */
const supervisedPolicy = `@approvals("1") @max("1h") @ticket("none") @mfa("session") @reveal("never") @supervised("yes") @idle("10m") @session("30m")
permit (principal in Group::"engineers", action == Action::"connect", resource in Environment::"staging");`
let policies: string

let world: World
let host: Host
const pools: pg.Pool[] = []
const listeners: Listener[] = []
let watching: ReturnType<typeof createWatching>
let orders: OrderDeps
/** The gateway's keeper is not there. */
let away = false
/** The session that was opened last, as what reads behind it has it. */
let growing: Growing | undefined
const ahead = {
  follow(one: Growing) {
    growing = one
    return () => undefined
  },
}

beforeAll(async () => {
  policies = mkdtempSync(join(tmpdir(), 'claviger-policies-'))
  cpSync(policiesFolder, policies, { recursive: true })
  writeFileSync(join(policies, 'supervised.cedar'), supervisedPolicy)
  world = await openWorld({ policies })
  const recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  const { clock, keeper } = world
  const gateway: Keeper = {
    ...world.gateway,
    keys: world.gateway.keys,
    ask: async (operation, args, payload) =>
      away ? fail({ code: 'keeper.unreachable', message: 'It is away.' }) : await world.gateway.ask(operation, args, payload),
  }
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
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      decide: createDecide(gateway),
      shortestSeconds: 20,
    },
    ...{ connects: () => true, console: 'http://localhost', ahead },
  })
  const server = dbAs('server')
  orders = { db: server, audit: createActs({ db: server, keeper, now: clock.now }), keeper, now: clock.now }
  watching = createWatching({ ...orders, log })
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
  rmSync(policies, { recursive: true, force: true })
})

let session: LiveSession
let said: string[]
let held: boolean
let terminal: boolean
const opened = async (who = world.alice): Promise<LiveSession> => {
  const { grant } = await granted(world, who, world.deploy, world.bob)
  const attempt = { door: 'ssh' as const, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const admitted: Admitted = { person: who.id, attempt, admitted: true, presence: (await world.present(who)).presence }
  const how = { kind: 'shell' as const, term: { columns: 80, rows: 24, name: 'xterm' } }
  said = []
  held = false
  terminal = true
  const live = must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, how))
  live.overseen(door)
  return live
}
beforeEach(async () => {
  session = await opened()
})
const door = {
  say: (sentence: string) => terminal && said.push(sentence) > 0,
  suspend() {
    held = true
  },
  resume() {
    held = false
  },
}
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
/** What came of an order. Where much else is going on, its gateway takes longer than an officer is kept waiting. */
const order = async (what: What, words: string) => {
  const answer = must(await orderSession(orders, session.id, what, words, await officer()))
  if (answer !== 'waiting') return answer
  const newest = 'select outcome from session_order where session_id = $1 and what = $2 order by at desc limit 1'
  return await untilIs('its outcome', async () => (await world.sql(newest, [session.id, what]))[0]?.outcome ?? undefined, 60)
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

  test('is entered on the screen that stands there, in its size, however much was shown before', async () => {
    const thread = new OutlineThread()
    onTestFinished(() => thread.close())
    const whole = new ReplayTerminal({ columns: 80, rows: 24 }, false)
    const show = async (text: string) => {
      await whole.output(text)
      session.recorder.output(Buffer.from(text))
      await session.recorder.pressure()
    }
    session.recorder.resize(132, 43)
    await whole.resize(132, 43)
    await show('\x1b[3;4H\x1b[7mthis line stays\x1b[0m\x1b[10;43r\x1b[43;1H')
    // what does not get smaller: more than is sent of what was before
    const noise = () => `${randomBytes(90).toString('base64')}\r\n`
    for (let n = 0; n < 250; n++) await show(Array.from({ length: 100 }, noise).join(''))
    const shown = 250 * 100 * 122
    await until(async () => (await goOnAhead({ db: orders.db, thread }, growing as Growing)) === 'done')
    await show('日本\r\nwhat came then\r\n')
    const one = await watch()
    await until(() => one.text().includes('what came then'))
    const seen = new ReplayTerminal({ columns: 80, rows: 24 }, false)
    for (const event of one.events) {
      if (event.kind === 'output') await seen.output(event.text)
      if (event.kind === 'resize') await seen.resize(event.columns, event.rows)
    }
    expect(await seen.screen()).toEqual(await whole.screen())
    expect((await seen.screen()).text).toContain('this line stays')
    expect(one.text().length).toBeLessThan(shown / 2)
  })

  test('goes on as if nothing were when a watcher stops reading, and that one is let go', async () => {
    const lines = must(await watching.watch(session.id, await officer(), undefined))
    // the beginning is fetched, and nothing of it taken
    lines.on('readable', () => undefined)
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
    await until(async () => (await world.sql('select 1 from session_live')).length === 0)
  })
})

describe('an officer', () => {
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

  test('reads that what they ordered came too late', async () => {
    // said as a gateway says it, and at once, so that it does not hang on how fast this machine is
    await world.sql(`create function too_late() returns trigger language plpgsql as $$ begin new.outcome := 'late'; return new; end $$`)
    await world.sql('create trigger too_late before insert on session_order for each row execute function too_late()')
    try {
      const ordered = await orderSession(orders, session.id, 'resume', 'Go on.', await officer())
      expect(ordered).toMatchObject({ ok: false, error: { code: 'session.order_late' } })
    } finally {
      await world.sql('drop function too_late cascade')
    }
  })

  test('ends all of a person at once, in one act', async () => {
    const cut: string[] = []
    session.onCut((reason) => cut.push(reason))
    expect(must(await endSessionsOf(orders, world.alice.id, 'lost laptop', await officer()))).toBeGreaterThanOrEqual(1)
    await until(() => cut.length > 0)
    expect(cut[0]).toBe('ended_by_officer')
    expect(await acts()).toContain('session.end_ordered done')
  })

  test('orders nothing of a session that has ended', async () => {
    await session.ended({ reason: 'closed' })
    expect(await orderSession(orders, session.id, 'suspend', 'late', await officer())).toMatchObject({
      ok: false,
      error: { code: 'session.not_running' },
    })
    expect(await acts()).toContain('session.suspend refused')
  })
})

describe('somebody who has the database', () => {
  const idOf = async (what: string) =>
    String((await world.sql('select id from session_order where session_id = $1 and what = $2 order by at desc', [session.id, what]))[0].id)
  const outcome = async (id: string) => (await world.sql('select outcome from session_order where id = $1', [id]))[0]?.outcome
  const alarms = async (id: string) =>
    ((await world.entries()) as unknown as { act: string; fields: Row }[]).filter(
      (e) => e.act === 'alarm.forged_row' && e.fields.subject === id,
    )
  const refused = async (id: string) => {
    await until(async () => (await outcome(id)) === 'refused')
    await until(async () => (await alarms(id)).length === 1)
  }
  /** A row as an officer's order makes one, but for the keeper's word. */
  const forge = async (what: string, words: string, id: string = newId('sor'), at = world.clock.now()) => {
    await world.sql(
      `insert into session_order (id, session_id, what, words, by_person, at, revision, mac) values ($1, $2, $3, $4, $5, $6, 1, $7)`,
      [id, session.id, what, words, world.carol.id, at, Buffer.alloc(32, 7)],
    )
    return id
  }
  /** What was carried out, so that it would be again. */
  const reopen = async (id: string) => {
    await world.sql('update session_order set outcome = null where id = $1', [id])
    await world.sql(`select pg_notify('session_attend', $1)`, [session.id])
    await until(async () => (await outcome(id)) !== null)
  }
  const cuts = () => {
    const cut: string[] = []
    session.onCut((reason) => cut.push(reason))
    return cut
  }
  afterEach(() => {
    away = false
  })

  test('says nothing in the name of an officer', async () => {
    await refused(await forge('message', 'Your session expires. Confirm your password at https://claviger.example'))
    expect(said).toEqual([])
    // nor by other words than an officer's
    terminal = false
    expect(await order('message', 'Stop at five, please.')).toBe('not_shown')
    terminal = true
    const id = await idOf('message')
    await world.sql(`update session_order set words = 'Tell Mallory your password.' where id = $1`, [id])
    expect(await outcome(id)).toBe('not_shown')
    const copy = await forge('message', 'x')
    await world.sql(
      `update session_order c set (words, at, mac, outcome) = (select 'Stop at five, please.', at, mac, null from session_order where id = $2) where c.id = $1`,
      [copy, id],
    )
    await refused(copy)
    expect(said).toEqual([])
  })

  test('lets no session go on that an officer suspended', async () => {
    expect(await order('suspend', 'Wait.')).toBe('done')
    await refused(await forge('resume', 'Go on.'))
    expect(held).toBe(true)
    expect(said).toHaveLength(1)
    // and the officer's word still does
    expect(await order('resume', 'Go on.')).toBe('done')
    expect(held).toBe(false)
  })

  test('holds and ends none in the name of an officer', async () => {
    const cut = cuts()
    await refused(await forge('suspend', 'Wait.'))
    await refused(await forge('end', 'Out.'))
    expect([held, cut, said]).toEqual([false, [], []])
    // nor by a name that the keeper would not even read
    await refused(await forge('suspend', 'Wait.', `sor_${'x'.repeat(50)}`))
    await refused(await forge('end', 'Out.', 'sor_forged-end'))
    expect([held, cut, said]).toEqual([false, [], []])
  })

  test('has no order carried out twice', async () => {
    await order('message', 'Once.')
    await order('suspend', 'Wait.')
    await order('resume', 'Go on.')
    await reopen(await idOf('suspend'))
    await reopen(await idOf('message'))
    expect(held).toBe(false)
    await order('suspend', 'Wait again.')
    await reopen(await idOf('resume'))
    expect(held).toBe(true)
    expect(said.filter((line) => line.includes('Once.'))).toHaveLength(1)
  })

  test('moves no order to another session', async () => {
    await order('suspend', 'Wait.')
    await order('resume', 'Go on.')
    const id = await idOf('resume')
    await session.ended({ reason: 'closed' })
    session = await opened()
    await order('suspend', 'Wait here, too.')
    await world.sql('update session_order set session_id = $2, outcome = null where id = $1', [id, session.id])
    await world.sql(`select pg_notify('session_attend', $1)`, [session.id])
    await refused(id)
    expect(held).toBe(true)
  })

  test('shows it to the gateway as one of another session, and to the keeper as it is, for nothing', async () => {
    await order('resume', 'Go on.')
    const id = await idOf('resume')
    await session.ended({ reason: 'closed' })
    session = await opened()
    await order('suspend', 'Wait here, too.')
    await world.sql(`alter table session_order rename to orders_as_they_are`)
    try {
      await world.sql(
        `create view session_order as select id, case when id = '${id}' and current_user = 'claviger_gateway' then '${session.id}' else session_id end as session_id,
           what, words, by_person, at, case when id = '${id}' then null else outcome end as outcome, revision, mac from orders_as_they_are`,
      )
      await world.sql('grant select on session_order to claviger_keeper, claviger_gateway, claviger_server')
      await world.sql('grant update (outcome) on session_order to claviger_gateway')
      await world.sql(`select pg_notify('session_attend', $1)`, [session.id])
      await until(async () => (await alarms(id)).length === 1)
      expect(held).toBe(true)
    } finally {
      await world.sql('drop view session_order')
      await world.sql('alter table orders_as_they_are rename to session_order')
    }
  })

  test('keeps no officer’s word back until another has suspended anew', async () => {
    await order('suspend', 'Wait.')
    away = true
    const ordered = orderSession(orders, session.id, 'resume', 'Go on.', await officer())
    await until(
      async () => (await world.sql(`select 1 from session_order where session_id = $1 and what = 'resume'`, [session.id])).length > 0,
    )
    const id = await idOf('resume')
    await world.sql(`update session_order set outcome = 'done' where id = $1`, [id])
    expect(await ordered).toEqual({ ok: true, value: 'done' })
    away = false
    await order('suspend', 'Wait again.')
    await reopen(id)
    expect(await outcome(id)).toBe('late')
    expect(held).toBe(true)
  })

  test('brings no message that is five minutes old', async () => {
    terminal = false
    away = true
    const ordered = orderSession(orders, session.id, 'message', 'Now!', await officer())
    expect(await ordered).toEqual({ ok: true, value: 'waiting' })
    world.later(5 * 60_000)
    away = false
    terminal = true
    host.attend('')
    await until(async () => (await outcome(await idOf('message'))) === 'late')
    expect(said).toEqual([])
  })
})

describe('while the keeper is away', () => {
  afterEach(() => {
    away = false
  })

  test('a session that is ordered to end ends, and no officer is said to have done it', async () => {
    const cut: string[] = []
    session.onCut((reason) => cut.push(reason))
    away = true
    must(await endSession(orders, session.id, 'now', await officer()))
    await until(() => cut.length > 0)
    expect(cut).toEqual(['ended_unattested'])
  })

  test('one that is suspended is held without a word of anybody, and with the officer’s when the keeper is back', async () => {
    away = true
    const ordered = orderSession(orders, session.id, 'suspend', 'Wait.', await officer())
    await until(() => held)
    expect(said).toEqual(['This session is held until Claviger can check who ordered that. What you type now waits.'])
    away = false
    await until(() => said.length === 2)
    expect(said[1]).toContain('An officer suspended this session: Wait.')
    must(await ordered)
    expect(held).toBe(true)
  })

  test('one that nobody may have suspended goes on when the keeper is back', async () => {
    away = true
    const id = newId('sor')
    await world.sql(
      `insert into session_order (id, session_id, what, words, by_person, at, revision, mac) values ($1, $2, 'suspend', 'x', $3, now(), 1, '')`,
      [id, session.id, world.carol.id],
    )
    await until(() => held)
    away = false
    await until(() => !held)
    expect(said.at(-1)).toBe('This session goes on: no officer ordered that it be held.')
  })

  test('one that is suspended is not resumed', async () => {
    await order('suspend', 'Wait.')
    away = true
    expect(must(await orderSession(orders, session.id, 'resume', 'Go on.', await officer()))).toBe('waiting')
    expect(held).toBe(true)
    away = false
    await until(() => !held)
  })
})

describe('the keeper attests no order', () => {
  const code = async (what: What, who: Awaited<ReturnType<typeof watcher>>) => {
    const ordered = await orderSession(orders, session.id, what, 'Go on.', who)
    return ordered.ok ? ordered.value : ordered.error.code
  }

  test('of somebody who is no officer, whatever the api process says of their groups', async () => {
    expect(await code('message', await watcher(world.bob, ['security']))).toBe('session.not_an_officer')
  })

  test('in the name of somebody else than who is there', async () => {
    expect(await code('resume', { ...(await watcher(world.bob, ['security'])), person: world.carol.id })).toBe('keeper.not_authorised')
  })

  test('by which somebody lets their own session go on', async () => {
    const grace = await world.enrolled('grace', ['engineers', 'security'])
    await session.ended({ reason: 'closed' })
    session = await opened(grace)
    const own = await watcher(grace, ['security'])
    await order('suspend', 'Wait.')
    expect(await code('resume', own)).toBe('session.own_resume')
    expect(held).toBe(true)
  })

  test('twice, for a session that is not there, or of another time', async () => {
    const attested = async (over: Row, by = orders.keeper) => {
      const row = {
        id: newId('sor'),
        session_id: session.id,
        what: 'resume',
        words: 'Go on.',
        by_person: world.carol.id,
        at: world.clock.now(),
      }
      const answer = await attest(by, [{ kind: 'session_order', revision: 1, row: { ...row, ...over } }], {
        by: 'presence',
        presence: (await officer()).presence,
      })
      return answer.ok ? 'attested' : answer.error.code
    }
    expect(await attested({})).toBe('attested')
    expect(await attested({}, world.gateway)).toBe('keeper.not_authorised')
    expect(await attested({ session_id: 'ses_aaaaaaaaaa' })).toBe('keeper.unknown_row')
    expect(await attested({ at: new Date(world.clock.now().getTime() - 61_000) })).toBe('keeper.not_authorised')
    expect(await attested({ what: 'sudo' })).toBe('keeper.not_authorised')
    expect(await attested({ words: ' ' })).toBe('keeper.not_authorised')
  })
})

describe('whoever writes to the database', () => {
  /** With each row of who watches, as long as the test runs. */
  const forging = async (what: string) => {
    await world.sql(
      `create table forged (proof bytea);
       create function forging() returns trigger language plpgsql security definer as $$ begin ${what}; return new; end $$;
       create trigger forging before insert or update on session_watch for each row execute function forging()`,
    )
    onTestFinished(() =>
      world.sql('drop trigger forging on session_watch; drop function forging(); drop table forged').then(() => undefined),
    )
  }
  const found = (query: string) => until(async () => (await world.sql(query)).length > 0)
  const proofs = async () =>
    (await world.sql('select 1 from session_watch where session_id = $1 and proof is not null', [session.id])).length
  /** What the person was told, after the gateway has looked at everything that was there. */
  const told = async () => {
    expect(await order('message', 'Are you there?')).toBe('done')
    return said.filter((sentence) => !sentence.includes('Are you there?'))
  }

  test('tells nobody that they are watched, and gets nothing of what passes', async () => {
    session.recorder.output(Buffer.from('before'))
    await world.sql(
      `insert into session_watch (id, session_id, by_person, kind, proof) values ('wat_forged0003', $1, $2, 'announced', $3)`,
      [session.id, world.carol.id, Buffer.alloc(32, 1)],
    )
    const sent = `select block from session_live where watch_id = 'wat_forged0003'`
    await found(sent)
    expect(await told()).toEqual([])
    const blocks = (await world.sql(sent)) as { block: Buffer }[]
    expect(blocks.map(({ block }) => block.subarray(0, 16).toString())).toEqual(['claviger observe'])
  })

  test('puts no other name to who watches', async () => {
    await world.sql('alter table person disable trigger user')
    onTestFinished(async () => {
      await world.sql(`update person set name = 'carol' where id = $1`, [world.carol.id])
      await world.sql('alter table person enable trigger user')
    })
    await forging(`update person set name = 'chris' where id = new.by_person`)
    const one = await watch()
    const noticed = async () => (await world.entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === world.carol.id)
    await until(async () => said.length > 0 || (await noticed()))
    expect(said).toEqual([])
    expect(one.events).toEqual([])
  })

  test('watches in nobody else’s name', async () => {
    await forging(`new.by_person := '${world.dave.id}'`)
    const one = await watch()
    await until(async () => one.events.length > 0 || (await proofs()) > 0)
    expect(await told()).toEqual([])
    expect(one.events).toEqual([])
  })

  test('makes no announced watching a covert one, and no covert one announced', async () => {
    await forging(`new.kind := case new.kind when 'covert' then 'announced' else 'covert' end`)
    const covertly = await watch('suspected theft')
    await until(() => covertly.events.some((e) => e.kind === 'now'))
    expect(await told()).toEqual([])
    const one = await watch()
    await until(() => one.events.some((e) => e.kind === 'now'))
    expect(await told()).toEqual(['carol watches this session now.'])
  })

  test('lets nobody see a session whose person was not told', async () => {
    await forging(`new.kind := 'covert'; if new.proof is not null then insert into forged values (new.proof); new.proof := null; end if`)
    session.recorder.output(Buffer.from('before'))
    const one = await watch()
    await until(async () => one.events.length > 0 || (await world.sql('select 1 from forged')).length > 0)
    expect(await told()).toEqual([])
    expect(one.events).toEqual([])
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

describe('a supervised session', () => {
  let begun: LiveSession
  let stage: Awaited<ReturnType<World['added']>>[number]
  let leave: AbortController

  beforeAll(async () => {
    const target = world.target('stage01', { environment: 'staging' })
    const [account] = await world.added(target, 'deploy')
    if (!account) throw new Error('no account')
    stage = account
    must(
      await world.keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText('hunter3')),
    )
    stageTarget = target
  })
  let stageTarget: ReturnType<World['target']>
  const openAs = async (who: World['alice']) => {
    const { grant } = await granted(world, who, stage, world.bob, stageTarget)
    const attempt = { door: 'ssh' as const, person: 'x', account: 'deploy', target: 'stage01', from: '192.0.2.9:4711' }
    const admitted: Admitted = { person: who.id, attempt, admitted: true, presence: (await world.present(who)).presence }
    return must(await host.open(admitted, { id: grant.id as never, remainingMs: 3_600_000 }, { kind: 'exec', command: 'id' }))
  }
  /** Of the outer session stays what was; this one is what the helpers look at. */
  const begin = async (who = world.alice) => {
    await session.ended({ reason: 'closed' })
    begun = await openAs(who)
    session = begun
    said = []
    held = false
    leave = new AbortController()
  }
  const shown = async () => (await world.sql('select unobserved, supervised, idle_seconds from session where id = $1', [begun.id]))[0]
  const states = async () => (await acts()).filter((act) => /observed/.test(act))

  test('waits before the target is asked for anything, goes on when somebody watches, and waits again when nobody does', async () => {
    await begin()
    expect(begun.waiting).toBe(true)
    expect(begun.notice).toContain('It ends sooner after 10m without anything passing')
    expect(begun.remainingMs).toBeLessThanOrEqual(30 * 60_000)
    expect(begun.endsFor).toBe('duration_over')
    let went = false
    const waited = begun.whenObserved(door.say, leave.signal).then(() => {
      went = true
    })
    expect(said[0]).toContain('waits for an observer')
    expect(went).toBe(false)
    const one = await watch()
    await waited
    begun.overseen(door)
    await until(() => !held && !begun.waiting)
    begun.recorder.output(Buffer.from('seen'))
    await until(() => one.text() === 'seen')
    await until(async () => (await shown())?.unobserved === false)
    one.lines.destroy()
    await until(() => held)
    expect(said.at(-1)).toContain('Nobody observes this session any more')
    await until(async () => (await shown())?.unobserved === true)
    // on a machine that stands still for a second nobody is there meanwhile
    const changes = await states()
    expect(changes.slice(0, 1)).toEqual(['session.observed done'])
    expect(changes.slice(-1)).toEqual(['session.unobserved done'])
    expect(await shown()).toMatchObject({ supervised: true, idle_seconds: 600 })
  })

  test('goes on only when both an officer lets it and somebody observes', async () => {
    await begin()
    begun.overseen(door)
    expect(held).toBe(true)
    const one = await watch()
    await until(() => !held)
    expect(await order('suspend', 'Wait.')).toBe('done')
    expect(held).toBe(true)
    one.lines.destroy()
    await until(() => begun.waiting)
    expect(await order('resume', 'Go.')).toBe('done')
    expect(held).toBe(true)
    await watch()
    await until(() => !held)
  })

  test('does not go on for a row that says that somebody watches, whatever stands in it', async () => {
    await begin()
    begun.overseen(door)
    // what an attacker with the database writes, and writes again: a watcher that is there at each moment, with proofs of their own
    const forge = (proof: Buffer) =>
      world.sql(
        `insert into session_watch (id, session_id, by_person, kind, proof) values ('wat_forged0001', $1, $2, 'announced', $3)
         on conflict (id) do update set seen_at = clock_timestamp(), proof = excluded.proof`,
        [begun.id, world.carol.id, proof],
      )
    for (let n = 0; n < 12; n++) {
      await forge(n % 2 === 0 ? Buffer.alloc(32, n) : Buffer.alloc(0))
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    // the challenges went to the forged watcher, and lie there for the attacker to read
    const [challenge] = (await world.sql(`select block from session_live where watch_id = 'wat_forged0001' order by n desc limit 1`)) as {
      block: Buffer
    }[]
    expect(challenge?.block.subarray(0, 16).toString()).toBe('claviger observe')
    await forge(
      proofOf(
        Buffer.alloc(32),
        { session: begun.id, watch: 'wat_forged0001', person: world.carol.id, kind: 'announced' },
        challenge?.block ?? Buffer.of(),
      ),
    )
    host.attend('')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(held).toBe(true)
    expect(begun.waiting).toBe(true)
    expect(await states()).toEqual([])
    expect(await shown()).toMatchObject({ unobserved: true })
  })

  test('does not go on with the proof of one watcher under the name of another', async () => {
    await begin()
    begun.overseen(door)
    const one = await watch()
    await until(() => !held)
    const [row] = (await world.sql('select id, proof from session_watch where session_id = $1', [begun.id])) as {
      id: string
      proof: Buffer
    }[]
    one.lines.destroy()
    await until(() => held)
    for (let n = 0; n < 8; n++) {
      await world.sql(
        `insert into session_watch (id, session_id, by_person, kind, proof) values ('wat_forged0002', $1, $2, 'announced', $3)
         on conflict (id) do update set seen_at = clock_timestamp(), proof = excluded.proof`,
        [begun.id, world.dave.id, row?.proof],
      )
      await world.sql(`update session_watch set state = 'open', seen_at = clock_timestamp() where id = $1`, [row?.id])
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    expect(held).toBe(true)
  })

  test('is not observed covertly: who watches so is not known to be there', async () => {
    await begin()
    begun.overseen(door)
    const one = await watch('suspected theft')
    begun.recorder.output(Buffer.from('unaware'))
    await until(() => one.text() === 'unaware')
    expect(held).toBe(true)
    expect(await states()).toEqual([])
  })

  test('is not observed by the person themselves, from a second browser either', async () => {
    const frank = await world.enrolled('frank', ['engineers', 'security'])
    await begin(frank)
    begun.overseen(door)
    const own = await watching.watch(begun.id, await watcher(frank, ['engineers', 'security']), undefined)
    expect(own).toMatchObject({ ok: false, error: { code: 'recording.own_session' } })
    expect(await world.sql('select count(*)::int as n from session_watch where by_person = $1', [frank.id])).toEqual([{ n: 0 }])
    expect(held).toBe(true)
  })
})
