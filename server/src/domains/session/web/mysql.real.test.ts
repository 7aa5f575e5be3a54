import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Door, openDoor, ticket } from '../../../gateways/mysql/test/open-door.ts'
import { until } from '../../../gateways/ssh/test/until.ts'
import { openSqlPages, rowsOf } from './test/sql-page.ts'
import { cookies, openWebWorld } from './test/web-world.ts'

/* SQL of the browser, from its WebSocket by the gateway's own door to a real MariaDB, beside Debian's client at the same door. */

const grant = 'grt_aaaaaaaaaa'
let door: Door
let world: Awaited<ReturnType<typeof openWebWorld>>
beforeAll(async () => {
  door = await openDoor()
  door.host.tickets.set('ticket-of-ben', 'ben')
  door.host.grant('ben', 'app@shop-db')
  world = await openWebWorld({
    ...{ folder: dirname(door.ca), ca: readFileSync(door.ca, 'utf8'), doors: { mysql: door.gateway.visit as never } },
    places: {
      [grant]: { person: 'alice', account: 'app', target: 'shop-db', kind: 'mysql' },
      grt_bbbbbbbbbb: { person: 'ben', account: 'app', target: 'shop-db', kind: 'mysql' },
    },
  })
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await door?.[Symbol.asyncDispose]()
})
const { connect, ready, run, closeAll } = openSqlPages(() => world, grant, { kind: 'open', ticket, database: 'shop' })
afterEach(closeAll)

describe('SQL of the browser', () => {
  test('is a session of the MySQL door like any other: told, logged in, recorded statement by statement', async () => {
    const browser = await ready()
    expect(browser.heard('said')).toEqual([{ kind: 'said', message: 'This session is recorded.' }])
    expect(browser.heard('ready')).toMatchObject([{ database: 'shop', cancelBy: 'ticket' }])
    const said = await run(browser, "select 1 as one, null as nothing, 'ä''\n' as words, x'00ff' as bytes, '' as empty, 1.50 as price")
    expect(said).toMatchObject([
      {
        kind: 'columns',
        columns: [
          { name: 'one', type: 'int' },
          { name: 'nothing', type: 'null' },
          { name: 'words', type: 'varchar' },
          { name: 'bytes', type: 'varbinary' },
          { name: 'empty', type: 'varchar' },
          { name: 'price', type: 'decimal' },
        ],
      },
      { kind: 'rows', rows: [['1', null, "ä'\n", '0x00ff', '', '1.50']] },
      { kind: 'done', tag: '1 row', rows: 1 },
      { kind: 'idle', transaction: 'none', ms: expect.any(Number) },
    ])
    browser.socket.close()
    await browser.left()
    const session = door.session()
    await until(() => session.outcomes.length > 0)
    expect(session).toMatchObject({
      attempt: { door: 'mysql', way: 'web', person: 'alice', account: 'app', target: 'shop-db' },
      how: { kind: 'sql', database: 'shop', application: 'Claviger console' },
      statements: [{ n: 1, via: 'simple', sql: expect.stringContaining('as words') }],
      ends: [{ n: 1, rows: 1, outcome: 'ok' }],
      outcomes: [{ reason: 'closed' }],
    })
    expect(door.errors).toEqual([])
  })

  test('leaves the same statements as the mariadb of Debian does', async () => {
    const statements = ['create table twin (a int, b varchar(9))', "insert into twin values (1, 'x'), (2, null)", 'select * from twin']
    const wrong = 'select * from nowhere'
    const native = await door.mariadb(`${statements.join(';\n')};\n${wrong};\n`, 'shop')
    expect(native.err).toContain("doesn't exist")
    const what = () => {
      const { statements: begun, ends } = door.session()
      const own = begun.filter((s) => !s.sql.startsWith('select @@'))
      return own.map(({ n, sql, via }) => {
        const { rows, outcome, sqlState } = { sqlState: null, ...ends.find((end) => end.n === n) } as Record<string, unknown>
        return { sql, via, rows, outcome, sqlState }
      })
    }
    await until(() => door.session().outcomes.length > 0)
    const theirs = what()
    expect(theirs).toHaveLength(4)
    await door.server.sql('drop table shop.twin')
    const browser = await ready()
    for (const sql of [...statements, wrong]) await run(browser, sql)
    expect(what()).toEqual(theirs)
    await run(browser, 'drop table twin')
  })

  test('says where an error is, which warnings there were, and in which state the transaction stands', async () => {
    const browser = await ready()
    await run(browser, 'create table money (a tinyint) engine=innodb')
    expect((await run(browser, 'start transaction; insert into money values (1)')).at(-1)).toMatchObject({ transaction: 'open' })
    expect(await run(browser, 'select 1;\nselect ä from;\nselect 3')).toMatchObject([
      { kind: 'columns' },
      { kind: 'rows' },
      { kind: 'done' },
      { kind: 'failed', code: '1064 (42000)', position: 24, message: expect.stringContaining('syntax') },
      { kind: 'idle', transaction: 'open' },
    ])
    expect((await run(browser, 'rollback')).at(-1)).toMatchObject({ transaction: 'none' })
    expect(await run(browser, "select cast('12 apples' as int)")).toMatchObject([
      { kind: 'columns' },
      { kind: 'rows' },
      { kind: 'notice', severity: 'WARNING', message: '1 warning: show warnings reads them.' },
      { kind: 'done' },
      { kind: 'idle' },
    ])
    expect(await run(browser, 'insert into money values (1), (2); update money set a = a + 1; drop table money')).toMatchObject([
      { kind: 'done', rows: 2 },
      { kind: 'done', rows: 2, tag: 'Rows matched: 2  Changed: 2  Warnings: 0' },
      { kind: 'done', rows: 0 },
      { kind: 'idle' },
    ])
  })

  test('gives the results of a procedure one after the other', async () => {
    const browser = await ready()
    await run(browser, 'create procedure two() begin select 1; select 2, 3; end')
    expect(rowsOf(await run(browser, 'call two()'))).toEqual([['1'], ['2', '3']])
    await run(browser, 'drop procedure two')
  })

  test('sends no files of the browser, and says what does', async () => {
    const browser = await ready()
    await run(browser, 'create table inbox (a int)')
    const said = await run(browser, "load data local infile '/etc/passwd' into table inbox")
    const message = expect.stringMatching(/page sends no files.*claviger connect/)
    expect(said).toMatchObject([{ kind: 'failed', code: '1148 (42000)', message }, { kind: 'idle' }])
    await run(browser, 'drop table inbox')
  })

  test('cancels what runs by a login of its own, as Ctrl-C in mariadb does, and says so when that is refused', async () => {
    const browser = await ready()
    const session = door.session()
    const ran = run(browser, 'select sleep(60), benchmark(1, 1) from seq_1_to_9')
    await until(() => session.statements.length > 0)
    browser.say({ kind: 'cancel', ticket: 'clvt_old' })
    await browser.until(() => browser.heard('said').length > 1)
    // what did not begin a server does not cancel
    const began = () => door.server.sql("select 1 from information_schema.processlist where user = 'app' and info like 'select sleep(60)%'")
    await expect.poll(began).toHaveLength(1)
    expect(browser.heard('said').at(-1)).toMatchObject({
      message: 'It could not be cancelled: This connection ticket is not known. Get a new one: claviger connect.',
    })
    browser.say({ kind: 'cancel', ticket })
    expect((await ran).at(-2)).toMatchObject({ kind: 'failed', code: '1317 (70100)' })
    expect(session.ends.at(0)).toMatchObject({ outcome: 'cancelled' })
    expect(door.session().statements).toMatchObject([{ sql: expect.stringMatching(/^kill query \d+$/) }])
    expect(rowsOf(await run(browser, 'select 2'))).toEqual([['2']])
  })

  test('does not cancel what somebody else runs, even at the same account', async () => {
    const browser = await ready()
    const session = door.session()
    const ran = run(browser, 'select sleep(3)')
    await until(() => session.statements.length > 0)
    const ben = await connect({ kind: 'open', ticket: 'ticket-of-ben' }, 'grt_bbbbbbbbbb', { cookie: `claviger=${cookies.ben}` })
    await ben.until(() => ben.heard('ready').length > 0)
    for (let n = 0; n < 3; n++) expect((await run(ben, `kill query ${0x40000000 + n}`)).at(0)).toMatchObject({ kind: 'failed' })
    expect(rowsOf(await ran)).toEqual([['0']])
  })

  test('tells at once what officers say and do, which no other client of MySQL can hear', async () => {
    const browser = await ready()
    const officer = door.session().door
    expect(officer?.say('A message of an officer: look here')).toBe(true)
    await browser.until(() => browser.heard('said').some((n) => n.message === 'A message of an officer: look here'))
    officer?.suspend()
    await browser.until(() => browser.heard('suspended').length === 1)
    const ran = run(browser, 'select 7')
    await sleep(300)
    expect(browser.heard('columns')).toEqual([])
    officer?.resume()
    expect(rowsOf(await ran)).toEqual([['7']])
    expect(browser.heard('suspended')).toEqual([
      { kind: 'suspended', suspended: true },
      { kind: 'suspended', suspended: false },
    ])
    const native = door.mariadb('select sleep(2);\n')
    await until(() => door.session().attempt.way === 'native')
    await until(() => door.session().door !== undefined)
    expect(door.session().door?.say('nobody hears it')).toBe(false)
    expect((await native).out.trim()).toBe('0')
  })

  test('ends with the grant, and says so, while something runs as well', async () => {
    const idle = await ready()
    door.session().cut('grant_ended')
    await idle.left()
    expect(idle.heard('over')).toMatchObject([{ why: expect.stringMatching(/grant/i) }])
    const busy = await ready()
    busy.say({ kind: 'run', sql: 'select sleep(20)' })
    await until(() => door.session().statements.length > 0)
    door.session().cut('grant_ended')
    await busy.left()
    expect(busy.heard('over')).toMatchObject([{ why: expect.stringMatching(/grant/i) }])
  })
})

describe('large results', () => {
  test('stay where they are while the browser reads slowly, however often it asks on; memory stays bounded', async () => {
    const browser = await ready()
    const memory = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    const before = memory()
    let most = 0
    browser.socket.pause()
    // 180 MB
    browser.say({ kind: 'run', sql: "select seq, repeat('x', 9000) from seq_1_to_20000" })
    for (let n = 0; n < 100; n++) {
      await sleep(20)
      browser.say({ kind: 'more' })
      most = Math.max(most, memory() - before)
    }
    expect(door.session().ends).toEqual([])
    expect(most).toBeLessThan(120e6)
    browser.say({ kind: 'finish' })
    browser.socket.resume()
    await browser.until(() => browser.heard('idle').length > 1)
    expect(browser.heard('done')).toMatchObject([{ rows: 20_000 }])
    // what the sockets between us took, and no more
    expect(rowsOf(browser.texts).length).toBeLessThan(6_000)
    expect(door.session().ends).toMatchObject([{ rows: 20_000, outcome: 'ok' }])
  })

  test('show of a long value its beginning, and read past a row that is larger than any page', async () => {
    const browser = await ready()
    expect(rowsOf(await run(browser, "select repeat('y', 20000)"))).toEqual([[{ cut: 'y'.repeat(10_000), length: 20_000 }]])
    const said = await run(browser, "select 1, repeat('z', 10000000); select 2")
    expect(rowsOf(said)).toEqual([
      [
        { cut: '', length: 10_000_006 },
        { cut: '', length: 10_000_006 },
      ],
      ['2'],
    ])
  })

  test('of more than a page are shown to their end when they are asked on', async () => {
    const browser = await ready()
    browser.say({ kind: 'run', sql: 'select seq from seq_1_to_450; select 1' })
    for (const held of [1, 2]) {
      await browser.until(() => browser.heard('held').length === held)
      browser.say({ kind: 'more' })
    }
    await browser.until(() => browser.heard('idle').length > 1)
    expect(rowsOf(browser.texts)).toHaveLength(451)
  })
})

describe('nobody gets SQL', () => {
  test.each([
    ['another page, with the cookie', { origin: 'http://evil.example' }],
    ['another page of this host', { origin: 'http://127.0.0.1:1' }],
  ])('from %s', async (_what, headers) => {
    const browser = await world.open(grant, headers).left()
    expect(browser.refused).toBeGreaterThanOrEqual(400)
    expect(browser.texts).toEqual([])
  })

  test('under the grant of somebody else', async () => {
    expect((await world.open('grt_bbbbbbbbbb').left()).texts).toEqual([])
  })

  test.each([
    ['the ticket of somebody else', 'ticket-of-ben'],
    ['a ticket that nobody gave', 'clvt_guessed'],
  ])('with %s', async (_what, other) => {
    const before = door.host.sessions.length
    const browser = await (await connect({ kind: 'open', ticket: other })).left()
    expect(browser.heard('over')).toMatchObject([{ why: expect.stringContaining('This connection ticket is not known.') }])
    expect(door.host.sessions.length).toBe(before)
  })

  test.each([
    ['a message that is larger than any', 'x'.repeat(300_000)],
    ['a statement that is longer than any', { kind: 'run', sql: 'x'.repeat(200_001) }],
    ['a zero byte', { kind: 'run', sql: 'select 1\0' }],
    ['a second opening', { kind: 'open', ticket }],
    ['bytes', Buffer.from('\x01\0\0\0\x01')],
    ['what is no message', '{"kind":"more","rows":1}'],
  ])('who sends %s', async (_what, message) => {
    const browser = await ready()
    browser.say(message)
    await browser.left()
    expect(browser.heard('rows')).toEqual([])
  })
})
