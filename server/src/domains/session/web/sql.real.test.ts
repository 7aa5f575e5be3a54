import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { begun } from '../../../gateways/postgres/test/begun.ts'
import { type Door, openDoor, ticket } from '../../../gateways/postgres/test/open-door.ts'
import { until } from '../../../gateways/ssh/test/until.ts'
import { openSqlPages, rowsOf } from './test/sql-page.ts'
import { openWebWorld } from './test/web-world.ts'

/* SQL of the browser, from its WebSocket by the gateway's own door to a real PostgreSQL. Who may not is in terminal.real.test.ts. */

const grant = 'grt_aaaaaaaaaa'
let door: Door
let world: Awaited<ReturnType<typeof openWebWorld>>
beforeAll(async () => {
  door = await openDoor()
  world = await openWebWorld({
    ...{ folder: door.folder, ca: readFileSync(door.ca, 'utf8'), doors: { postgres: door.gateway.visit as never }, heldMs: 8_000 },
    places: { [grant]: { person: 'alice', account: 'app_admin', target: 'orders-db', kind: 'postgres' } },
  })
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await door?.[Symbol.asyncDispose]()
})
const { connect, ready, run, closeAll } = openSqlPages(() => world, grant, { kind: 'open', ticket })
afterEach(closeAll)

describe('SQL of the browser', () => {
  test('is a session of the PostgreSQL door like any other: told, logged in, recorded statement by statement', async () => {
    const browser = await ready()
    expect(browser.heard('said')).toEqual([{ kind: 'said', message: 'This session is recorded.' }])
    expect(browser.heard('ready')).toMatchObject([{ server: expect.stringMatching(/^PostgreSQL 1\d/), database: 'postgres' }])
    const said = await run(browser, "select 1 as one, null as nothing, 'ä''\n' as words, array[1,2] as some, now() > '2020-01-01' as yes")
    expect(said[0]).toEqual({
      kind: 'columns',
      columns: [
        { name: 'one', type: 'int4' },
        { name: 'nothing', type: 'text' },
        { name: 'words', type: 'text' },
        { name: 'some', type: 'int4[]' },
        { name: 'yes', type: 'bool' },
      ],
    })
    expect(rowsOf(said)).toEqual([['1', null, "ä'\n", '{1,2}', 't']])
    expect(said.slice(-2)).toMatchObject([
      { kind: 'done', tag: 'SELECT 1', rows: 1 },
      { kind: 'idle', transaction: 'none', ms: expect.any(Number) },
    ])
    browser.socket.close()
    await browser.left()
    const session = door.session()
    await until(() => session.outcomes.length > 0)
    expect(session).toMatchObject({
      attempt: {
        door: 'postgres',
        way: 'web',
        person: 'alice',
        account: 'app_admin',
        target: 'orders-db',
        from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
      how: { kind: 'sql', database: 'postgres', application: 'Claviger console' },
      statements: [{ n: 1, via: 'simple', sql: expect.stringContaining('as words') }],
      ends: [{ n: 1, rows: 1, outcome: 'ok', tag: 'SELECT 1' }],
      outcomes: [{ reason: 'closed' }],
    })
    expect(door.errors).toEqual([])
  })

  test('says where an error is, and in which state the transaction stands', async () => {
    const browser = await ready()
    expect((await run(browser, 'begin')).at(-1)).toMatchObject({ transaction: 'open' })
    expect(await run(browser, 'select 1;\nselect nope')).toMatchObject([
      { kind: 'columns' },
      { kind: 'rows' },
      { kind: 'done', tag: 'SELECT 1' },
      { kind: 'failed', code: '42703', message: 'column "nope" does not exist', position: 18, detail: null, hint: null },
      { kind: 'idle', transaction: 'failed' },
    ])
    expect((await run(browser, 'rollback')).at(-1)).toMatchObject({ transaction: 'none' })
    expect(await run(browser, "do $$ begin raise notice 'look here'; end $$")).toMatchObject([
      { kind: 'notice', message: 'look here' },
      { kind: 'done', tag: 'DO' },
      { kind: 'idle' },
    ])
    expect(await run(browser, 'copy (select 1) to stdout')).toMatchObject([
      { kind: 'notice' },
      { kind: 'done', tag: 'COPY 1' },
      { kind: 'idle' },
    ])
    await door.sql('create table if not exists inbox (a int)')
    expect(await run(browser, 'copy inbox from stdin')).toMatchObject([
      { kind: 'failed', message: expect.stringContaining('The console sends no files') },
      { kind: 'idle' },
    ])
  })

  test('gives rows a page at a time, in bounded memory, and the statement waits meanwhile', async () => {
    const browser = await ready()
    browser.say({ kind: 'run', sql: "select n, repeat('x', 1000) from generate_series(1, 3000000) n" })
    await browser.until(() => browser.heard('held').length === 1)
    expect(rowsOf(browser.texts)).toHaveLength(200)
    await sleep(500)
    expect(rowsOf(browser.texts)).toHaveLength(200)
    browser.say({ kind: 'more' })
    await browser.until(() => browser.heard('held').length === 2)
    expect(rowsOf(browser.texts)).toHaveLength(400)
    expect(rowsOf(browser.texts)[399]).toEqual(['400', 'x'.repeat(1000)])
    const before = browser.texts.length
    browser.say({ kind: 'cancel' })
    await browser.until(() => browser.texts.slice(before).some((t) => t.kind === 'idle'))
    expect(browser.texts.slice(before)).toMatchObject([{ kind: 'failed', code: '57014' }, { kind: 'idle' }])
    expect(rowsOf(await run(browser, 'select 2'))).toEqual([['2']])
    expect(door.session().ends.at(0)).toMatchObject({ outcome: 'cancelled' })
  })

  test('reads a result past to its end when nobody asks on, so that nothing is held on the target for ever', async () => {
    const browser = await ready()
    browser.say({ kind: 'run', sql: 'select n from generate_series(1, 1000) n; select 2' })
    await browser.until(() => browser.heard('idle').length > 1)
    expect(browser.texts.slice(-7)).toMatchObject([
      { kind: 'held' },
      { kind: 'skipped' },
      { kind: 'done', rows: 1000 },
      { kind: 'columns' },
      { kind: 'rows', rows: [['2']] },
      { kind: 'done', rows: 1 },
      { kind: 'idle' },
    ])
    expect(rowsOf(browser.texts)).toHaveLength(201)
  })

  test('says at once that an officer holds the session, and that it goes on', async () => {
    const browser = await ready()
    expect(door.session().door?.say('A message of an officer: look here')).toBe(true)
    await browser.until(() => browser.heard('said').some((n) => n.message === 'A message of an officer: look here'))
    door.session().door?.suspend()
    await browser.until(() => browser.heard('suspended').length === 1)
    door.session().door?.resume()
    await browser.until(() => browser.heard('suspended').length === 2)
    expect(browser.heard('suspended')).toEqual([
      { kind: 'suspended', suspended: true },
      { kind: 'suspended', suspended: false },
    ])
  })

  test('cancels what runs', async () => {
    const browser = await ready()
    const ran = run(browser, 'select pg_sleep(60)')
    await begun(door.sql, 'select pg_sleep(60)')
    browser.say({ kind: 'cancel' })
    expect(await ran).toMatchObject([{ kind: 'columns' }, { kind: 'failed', code: '57014' }, { kind: 'idle' }])
  })

  test('cuts a long value short, and reads past a row that is larger than any page', async () => {
    const browser = await ready()
    expect(rowsOf(await run(browser, "select repeat('y', 20000)"))).toEqual([[{ cut: 'y'.repeat(10_000), length: 20_000 }]])
    const [row] = rowsOf(await run(browser, "select 1, repeat('z', 8000000)")) as [{ cut: string; length: number }[]]
    expect(row).toHaveLength(2)
    expect(row[0]).toMatchObject({ cut: '' })
    expect(row[0]?.length).toBeGreaterThan(8_000_000)
  })

  test('ends with the grant, and says so', async () => {
    const browser = await ready()
    door.session().cut('grant_ended')
    await browser.left()
    expect(browser.heard('over')).toMatchObject([{ why: expect.stringMatching(/grant/i) }])
  })

  test('begins in the database that is asked for', async () => {
    const browser = await connect({ kind: 'open', ticket, database: 'template1' })
    await browser.until(() => browser.heard('ready').length > 0)
    expect(rowsOf(await run(browser, 'select current_database()'))).toEqual([['template1']])
  })
})

describe('nobody gets SQL', () => {
  test('with a ticket that nobody gave', async () => {
    const browser = await (await connect({ kind: 'open', ticket: 'clvt_guessed' })).left()
    expect(browser.heard('over')).toMatchObject([{ why: 'This connection ticket is not known. Get a new one: claviger connect.' }])
  })

  test.each([
    ['runs before it is open', [{ kind: 'run', sql: 'select 1' }]],
    [
      'sends two texts at a time',
      [{ kind: 'open', ticket }, 'ready', { kind: 'run', sql: 'select pg_sleep(5)' }, { kind: 'run', sql: 'select 1' }],
    ],
    ['sends a zero byte', [{ kind: 'open', ticket }, 'ready', { kind: 'run', sql: 'select 1\0' }]],
    ['sends more than a statement', [{ kind: 'open', ticket }, 'ready', { kind: 'run', sql: 'x'.repeat(200_001) }]],
    ['sends bytes', [{ kind: 'open', ticket }, 'ready', Buffer.from('Q')]],
  ])('who %s', async (_what, messages) => {
    const [first, ...rest] = messages
    const browser = await connect(first as object)
    for (const message of rest)
      if (message === 'ready') await browser.until(() => browser.heard('ready').length > 0)
      else browser.say(message)
    await browser.left()
    expect(browser.heard('rows')).toEqual([])
  })
})
