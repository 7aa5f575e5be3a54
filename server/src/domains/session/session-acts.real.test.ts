import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { LiveSession } from '../../gateways/contract.ts'
import { granted } from '../../keeper/test/access.ts'
import type { Row } from '../../keeper/test/world.ts'
import type { PersonId } from '../../kernel/id.ts'
import { must } from '../identity/test/house.ts'
import type { Host } from './index.ts'
import type { OpenList } from './lists/open-list.ts'
import { showFiles } from './lists/show-files.ts'
import { showStatements } from './lists/show-statements.ts'
import { showForwards } from './show-forwards.ts'
import { openSessions } from './test/session-world.ts'
import { OpenViews } from './views/open-views.ts'

const sessions = await openSessions()
const { world, holdsPassword, host, open, ended, without, listening, policy, about, newest } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

describe('connections that a session carries', () => {
  const forward = { kind: 'forward' } as const
  const to = { direction: 'local', host: '10.1.2.3', port: 5432, from: '127.0.0.1:5000' } as const

  /** The same person on a host of a laboratory, where the shipped policies permit it. */
  async function inLab(): Promise<LiveSession> {
    const { accounts, target } = await lab()
    const [account] = accounts
    const { grant: given } = await granted(world, world.alice, account as Row, world.bob, target)
    const { presence } = await world.present(world.alice)
    const admitted = { ...sessions.alice(), presence, attempt: { ...sessions.alice().attempt, target: 'lab01' } }
    return must(await host.open(admitted, { id: given.id as never, remainingMs: 3_600_000 }, forward))
  }
  let made: Promise<{ accounts: Row[]; target: Row }> | undefined
  const lab = () => {
    made ??= (async () => {
      const target = world.target('lab01', { environment: 'lab', tier: 2 })
      const accounts = (await world.added(target, 'deploy')) as Row[]
      await holdsPassword(String(accounts[0]?.id))
      return { accounts, target }
    })()
    return made
  }

  test('are in the ledger before they are made, and what came of them after it', async () => {
    const live = await inLab()
    const told = must(await live.forward(to))
    const begun = (await about(live.id)).find((e) => e.act === 'session.forwarding')
    expect(begun).toMatchObject({ phase: 'intent', fields: { n: 1, direction: 'local', port: 5432 } })
    told({ outcome: 'closed', sent: 10, received: 20 })
    told({ outcome: 'failed', sent: 0, received: 0 })
    await ended(live)
    const over = (await about(live.id)).filter((e) => e.act === 'session.forwarded')
    expect(over).toMatchObject([{ phase: 'outcome', intent: begun?.id, fields: { n: 1, sent: 10, received: 20, outcome: 'closed' } }])
    expect(await showForwards(world.db, live.id, { after: 0, limit: 10 })).toMatchObject({
      forwards: [{ ...to, n: 1, sent: 10, received: 20, outcome: 'closed' }],
      next: null,
    })
  })

  test('are refused in production, which the ledger knows, and nothing else of them', async () => {
    const live = must(await open(host, forward))
    expect(await live.forward(to)).toMatchObject({
      ok: false,
      error: { code: 'session.act_refused', say: expect.stringContaining('10.1.2.3:5432') },
    })
    await ended(live)
    const said = await about(live.id)
    expect(said.find((e) => e.act === 'session.act_refused')).toMatchObject({ phase: 'refused', fields: { action: 'forward' } })
    expect(said.filter((e) => e.act.startsWith('session.forward'))).toEqual([])
    expect((await showForwards(world.db, live.id, { after: 0, limit: 10 })).forwards).toEqual([])
  })
})

describe('statements of a session', () => {
  test('are asked about by what they do and to which tables where a policy looks at them, and only there', async () => {
    const target = world.target('orders', { kind: 'postgres', environment: 'lab', tier: 2 })
    const [account] = (await world.added(target, 'clerk')) as Row[]
    await holdsPassword(String(account?.id))
    const begin = async (by: Host) => {
      const { grant: given } = await granted(world, world.alice, account as Row, world.bob, target)
      const { presence } = await world.present(world.alice)
      const attempt = { ...sessions.alice().attempt, door: 'postgres' as const, account: 'clerk', target: 'orders' }
      return must(
        await by.open(
          { ...sessions.alice(), presence, attempt },
          { id: given.id as never, remainingMs: 3_600_000 },
          { kind: 'sql', database: 'shop' },
        ),
      )
    }
    const before = await begin(host)
    expect(before.judgeQuery).toBeUndefined()
    await ended(before)

    const text = `@floor("Here is read alone, and no salaries. Ask an administrator.")
forbid (principal, action == Action::"query", resource in Kind::"postgres")
unless { ["select", "transaction"].containsAll(context.verbs) && !context.tables.contains("salaries") && context.database == "shop" };`
    await policy('read-alone', text)
    const live = await begin(host)
    const judge = async (sql: string, sure = true) => (await live.judgeQuery?.({ dialect: 'postgres', sql, sure }))?.ok
    for (const sql of ['select 1', 'begin; select * from orders; commit', '-- nothing'])
      expect([sql, await judge(sql)]).toEqual([sql, true])
    const refused = [
      'drop table orders',
      'select 1; delete from orders',
      'with gone as (delete from orders returning *) select * from gone',
      'select * from hr.salaries',
      'do $$ begin delete from orders; end $$',
      'selec 1',
    ]
    for (const sql of refused) expect([sql, await judge(sql)]).toEqual([sql, false])
    // in an encoding or with settings that may be others by now
    expect(await judge('select 1', false)).toBe(false)
    await ended(live)
    const said = (await about(live.id)).filter((e) => e.act === 'session.act_refused')
    expect(said.map((e) => [e.fields.action, e.fields.because])).toEqual([
      ...Array.from({ length: 4 }, () => ['query', 'read-alone']),
      ...Array.from({ length: 3 }, () => ['query', '']),
    ])
  })
})

describe('files of the person’s machine in a session of statements', () => {
  const path = '/srv/in/people.tsv'
  async function begin(files = true): Promise<LiveSession> {
    const { account, target } = await inbox()
    const { grant: given } = await granted(world, world.alice, account, world.bob, target)
    const { presence } = await world.present(world.alice)
    const attempt = { ...sessions.alice().attempt, door: 'mysql' as const, account: 'loader', target: 'inbox' }
    const how = { kind: 'sql', database: 'shop', ...(files && { files: true as const }) } as const
    return must(await host.open({ ...sessions.alice(), presence, attempt }, { id: given.id as never, remainingMs: 3_600_000 }, how))
  }
  let made: Promise<{ account: Row; target: Row }> | undefined
  const inbox = () => {
    made ??= (async () => {
      const target = world.target('inbox', { kind: 'mysql', environment: 'lab', tier: 2 })
      const [account] = (await world.added(target, 'loader')) as Row[]
      await holdsPassword(String(account?.id))
      return { account: account as Row, target }
    })()
    return made
  }

  test('are refused where no policy permits them, which the ledger knows', async () => {
    const live = await begin()
    expect(live.sendsFiles).toBe(false)
    expect(await live.judgeFile?.({ op: 'put', path, bytes: 0 })).toMatchObject({
      ok: false,
      error: { code: 'session.act_refused', say: expect.stringContaining('permit for transfer') },
    })
    await ended(live)
    expect((await about(live.id)).find((e) => e.act === 'session.act_refused')).toMatchObject({
      phase: 'refused',
      fields: { action: 'transfer', because: '' },
    })
    const none = await begin(false)
    expect([none.judgeFile, none.sendsFiles]).toEqual([undefined, false])
    await ended(none)
  })

  test('pass where one does: an alarm before, an entry behind, both in the recording; a target that asks for others is an alarm', async () => {
    await policy(
      'people-are-loaded',
      `@act("alert") permit (principal, action == Action::"transfer", resource in Kind::"mysql")
when { context.op == "put" && context.path like "/srv/in/*" && context.bytes <= 1000 };`,
    )
    const live = await begin()
    expect(live.sendsFiles).toBe(true)
    const judge = async (one: string | undefined, bytes = 0) => await live.judgeFile?.({ op: 'put', path: one, bytes })
    expect(await judge(path)).toEqual({ ok: true, value: { until: 1000 } })
    expect(await judge('/etc/passwd')).toMatchObject({ ok: false })
    expect(await judge(undefined)).toMatchObject({ ok: false })
    expect(await judge(path, 1001)).toMatchObject({ ok: false })
    const sudoers = '/etc/sudoers'
    const act = { n: 1, op: 'put', path: sudoers, to: null, from: 0, bytes: null, sha256: null, outcome: 'open', message: null } as const
    live.recorder.file(act)
    const statement = { via: 'simple', sql: 'select 1', parameters: [], dialect: 'mysql', unsureEncoding: false, escaped: false } as const
    for (const n of [1, 2]) live.recorder.statementStarted({ ...statement, n })
    for (const n of [1, 2]) live.recorder.statementEnded({ n, durationMs: 1, rows: 1, bytes: 1, outcome: 'ok' })
    live.recorder.file({ ...act, bytes: 12, sha256: 'ab'.repeat(32), outcome: 'ok' })
    await live.ended({ reason: 'target_failed', detail: 'the target asked for a file that no statement named', alarm: 'file_demanded' })
    const said = await about(live.id)
    expect(said.filter((e) => e.act === 'session.file')).toMatchObject([
      { fields: { n: 1, op: 'put', bytes: 12, sha256: 'ab'.repeat(32), outcome: 'ok' } },
    ])
    expect(said.filter((e) => e.act === 'alarm.session_act')).toMatchObject([
      { fields: { action: 'transfer', because: 'people-are-loaded' } },
    ])
    expect(said.filter((e) => e.act === 'alarm.file_demanded')).toMatchObject([{ phase: 'alarm', fields: { target: 'inbox' } }])
    expect(said.filter((e) => e.act === 'session.act_refused')).toHaveLength(3)
    // the path is one of the person's machine
    expect(said.filter((e) => e.act === 'alarm.session_rule')).toEqual([])
    const { presence } = await world.present(world.dave)
    const { db, keeper, audit, index } = world
    const reading = { db, keeper, audit, index, recordings: sessions.recordings, lists: new OpenViews<OpenList>() }
    const who = { person: world.dave.id as PersonId, presence }
    const list = { session: live.id, after: 0, limit: 10 }
    expect(must(await showFiles(reading, list, who))).toMatchObject({
      total: 1,
      files: [{ n: 1, path: sudoers, bytes: 12, outcome: 'ok' }],
    })
    expect(must(await showStatements(reading, list, who))).toMatchObject({ total: 2, statements: [{ n: 1 }, { n: 2 }] })
  })
})

// last: it holds every later command to one program
test('a command that policy does not let run is refused before any credential is released, and the ledger says by which policy', async () => {
  const asked: string[] = []
  const text = `@floor("Only uptime is run here without a terminal. Ask for a shell.")
forbid (principal, action == Action::"run", resource) unless { context.plain && context.program == "uptime" };`
  await policy('only-uptime', text)
  const refused = await open(without({ keeper: listening(asked) }), { kind: 'exec', command: 'uptime; bash' })
  expect(refused).toMatchObject({ ok: false, error: { code: 'session.act_refused', say: expect.stringContaining('Only uptime') } })
  expect(asked).toContain('judge')
  expect(asked).not.toContain('release')
  const { id } = await newest()
  expect((await about(id)).find((e) => e.act === 'session.act_refused')).toMatchObject({
    fields: { action: 'run', because: 'only-uptime' },
  })
  await ended(must(await open(host, { kind: 'exec', command: 'uptime' })))
})
