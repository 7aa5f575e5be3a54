import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { type QueryAsked, takenBack } from '../contract.ts'
import { until } from '../ssh/test/until.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { psql } from './test/psql.ts'

/*
 * A statement that waits until somebody else allowed it. Who decides, and what the keeper says, is shown by domains/session/asks: here
 * it is what psql and the target see meanwhile.
 */

let door: Door
let decide: (allowed: boolean) => void
let signal: AbortSignal | undefined
/** Somebody allows it in the moment in which it is taken back. */
let yesAtLast = false
/** What was asked about, in its order: what is kept, and what waited. */
let asked: QueryAsked[] = []
beforeAll(async () => {
  door = await openDoor()
  await door.sql('create table held (x int)')
  door.host.judgeQuery = async (query, how) => {
    if (!query.sure) return fail({ code: 'session.act_refused', say: 'What this does cannot be told.' })
    if (!/delete/.test(query.sql)) return ok(undefined)
    asked.push(query)
    if (query.kept) return ok({ each: true })
    const { promise, resolve } = Promise.withResolvers<boolean>()
    decide = resolve
    signal = how?.signal
    signal?.addEventListener('abort', () => resolve(yesAtLast))
    how?.tell?.('This statement is held.')
    if (await promise) return ok(undefined)
    return fail({ code: signal?.aborted ? takenBack : 'session.act_not_allowed', say: 'It was not done.' })
  }
})
beforeEach(async () => {
  signal = undefined
  asked = []
  yesAtLast = false
  await door.sql('truncate held')
  await door.sql('insert into held values (1)')
})
afterAll(async () => {
  expect(door.errors).toEqual([])
  await door[Symbol.asyncDispose]()
})

const script = 'select 41;\ndelete from held;\nselect 43;\n'
const rows = async () => (await door.sql<{ n: number }>('select count(*)::int as n from held'))[0]?.n
const sent = () => door.session().statements.map(({ sql }) => sql)

test('psql says what is held, the target hears of nothing, and what comes behind it follows it', async () => {
  const running = psql(door, script)
  await until(() => signal !== undefined)
  expect(sent()).toEqual(['select 41;'])
  expect(await rows()).toBe(1)
  decide(true)
  const ran = await running
  expect(ran.err).toContain('NOTICE:  This statement is held.')
  expect(ran.out).toBe('41\n43\n')
  expect(await rows()).toBe(0)
  expect(sent()).toEqual(['select 41;', 'delete from held;', 'select 43;'])
})

test('Ctrl-C takes it back: the target hears of nothing, and the session goes on', async () => {
  const running = psql(door, `\\set ON_ERROR_STOP off\n\\set VERBOSITY verbose\n${script}`)
  await until(() => signal !== undefined)
  running.kill('SIGINT')
  const ran = await running
  expect(signal?.aborted).toBe(true)
  expect(ran.err).toContain('ERROR:  57014: It was not done.')
  expect(await rows()).toBe(1)
  expect(door.session().ends).toMatchObject([{ outcome: 'ok' }, { outcome: 'cancelled', sqlState: '57014', message: 'It was not done.' }])
})

test('a yes that comes together with the Ctrl-C does nothing', async () => {
  yesAtLast = true
  const running = psql(door, script)
  await until(() => signal !== undefined)
  running.kill('SIGINT')
  expect((await running).err).toContain('You took this back. It was not done.')
  expect(await rows()).toBe(1)
})

test('who leaves takes it back, and a yes that comes later does nothing', async () => {
  const running = psql(door, script)
  await until(() => signal !== undefined)
  const session = door.session()
  running.kill('SIGKILL')
  await running
  await until(() => signal?.aborted === true)
  decide(true)
  await until(() => session.outcomes.length > 0)
  expect(await rows()).toBe(1)
})

test('whose connection is reset takes it back as well', async () => {
  const lines: Socket[] = []
  const between = createServer((client) => {
    const line = connect(door.gateway.port, '127.0.0.1')
    lines.push(line)
    for (const end of [client, line]) end.on('error', () => undefined)
    client.pipe(line).pipe(client)
    line.once('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const running = psql(door, script, '-p', String((between.address() as AddressInfo).port))
  await until(() => signal !== undefined)
  const session = door.session()
  // as of a client that is killed before it has read what it was told
  for (const line of lines) line.resetAndDestroy()
  await until(() => signal?.aborted === true)
  decide(true)
  await until(() => session.outcomes.length > 0)
  expect((await running).code).not.toBe(0)
  expect(await rows()).toBe(1)
  between.close()
})

/** What a client sends in one go, up to a Sync: each message by node-postgres' own writer. */
type Step = (connection: pg.Connection) => void
const parse =
  (name: string, text: string): Step =>
  (c) =>
    c.parse({ name, text, types: [] } as never, true)
const bind =
  (statement: string, ...values: string[]): Step =>
  (c) =>
    c.bind({ statement, values } as never, true)
const execute: Step = (c) => c.execute({} as never, true)
const sync: Step = (c) => c.sync()

describe('what a driver prepares', () => {
  let client: pg.Client
  beforeEach(async () => {
    await door.sql('insert into held values (2), (3)')
    client = door.client()
    await client.connect()
    return () => client.end()
  })
  /** All of it at once; what is answered up to the last Sync: tags, and the codes of errors. */
  const atOnce = async (...steps: Step[]): Promise<string[]> => {
    const { connection } = client as unknown as { connection: pg.Connection & NodeJS.EventEmitter }
    const said: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    let syncs = steps.filter((step) => step === sync).length
    const listeners = {
      commandComplete: ({ text }: { text: string }) => void said.push(text),
      errorMessage: ({ code }: { code: string }) => void said.push(code),
      readyForQuery: () => --syncs > 0 || resolve(),
      ...{ dataRow: () => undefined, parseComplete: () => undefined },
    }
    const own = Object.entries(listeners).map(([name, listen]) => {
      const before = connection.listeners(name) as (() => void)[]
      connection.removeAllListeners(name).on(name, listen)
      return () => {
        connection.removeAllListeners(name)
        for (const one of before) connection.on(name, one)
      }
    })
    for (const step of steps) step(connection)
    await promise
    for (const back of own) back()
    return said
  }
  const held = () => asked.filter((query) => !query.kept)
  const deleting = 'delete from held where x = $1'

  test('is kept without anybody being asked, and waits each time that it gets its values, which are shown', async () => {
    const one = client.query({ name: 'd', text: deleting, values: [2] })
    await until(() => held().length === 1)
    expect(asked).toMatchObject([
      { sql: deleting, kept: true },
      { sql: deleting, values: ['2'] },
    ])
    expect(await rows()).toBe(3)
    decide(true)
    expect((await one).rowCount).toBe(1)
    // a yes was for that once
    const two = client.query({ name: 'd', text: deleting, values: [3] }).catch((error: { code: string; message: string }) => error)
    await until(() => held().length === 2)
    expect(held()[1]).toMatchObject({ values: ['3'] })
    decide(false)
    expect(await two).toMatchObject({ code: '42501', message: 'It was not done.' })
    expect(await rows()).toBe(2)
    expect((await client.query('select $1::int as n', [7])).rows).toEqual([{ n: 7 }])
    const { statements, ends } = door.session()
    const ended = ends.map(({ n, outcome, sqlState }) => {
      const of = statements.find((one) => one.n === n)
      return [of?.sql, of?.parameters, sqlState ?? outcome]
    })
    expect(ended).toEqual([
      [deleting, ['2'], 'ok'],
      // its values were refused, and so there was nothing to run
      [deleting, ['3'], '42501'],
      [deleting, ['3'], '25P02'],
      ['select $1::int as n', ['7'], 'ok'],
    ])
  })

  test('in a pipeline each run waits in its order, and with one that is refused all is undone up to the Sync', async () => {
    const said = atOnce(
      parse('', deleting),
      bind('', '2'),
      execute,
      parse('', 'insert into held values (9)'),
      bind(''),
      execute,
      parse('', deleting),
      bind('', '3'),
      execute,
      sync,
    )
    await until(() => held().length === 1)
    decide(true)
    await until(() => held().length === 2)
    expect(held().map(({ values }) => values)).toEqual([['2'], ['3']])
    decide(false)
    expect(await said).toEqual(['DELETE 1', 'INSERT 0 1', '42501'])
    expect(await rows()).toBe(3)
    expect((await client.query('select 1 as still')).rows).toEqual([{ still: 1 }])
  })

  test('whatever is tried with its name, nothing runs that nobody saw', async () => {
    expect(await atOnce(parse('d', deleting), parse('s', 'select $1::int'), sync)).toEqual([])
    // prepared again under its name, which the target refuses: twice, sent ahead, so that the first refusal comes when the second stands already
    const twice = atOnce(parse('d', 'select $1::int'), sync, parse('d', 'select 1, $1::int'), sync, bind('d', '2'), execute, sync)
    await until(() => held().length === 1)
    expect(held()[0]).toMatchObject({ sql: deleting, values: ['2'] })
    decide(false)
    expect(await twice).toEqual(['42P05', '42P05', '42501'])
    // closed and prepared anew behind an error, where the target does neither
    const close: Step = (c) => c.close({ type: 'S', name: 'd' } as never, true)
    const again = parse('d', 'select $1::int')
    expect(await atOnce(parse('', 'selekt'), close, again, sync, again, sync, bind('d', '3'), execute, sync)).toEqual([
      '42601',
      '42P05',
      '42501',
    ])
    // behind an error up to the Sync it is passed over, and nobody is asked
    const before = held().length
    expect(await atOnce(parse('', 'selekt'), bind('d', '2'), execute, sync)).toEqual(['42601'])
    expect(held().length).toBe(before)
    // a name of which nothing is known
    expect(await atOnce(bind('nobody', '2'), execute, sync)).toEqual(['42501'])
    // what is not asked about is bound as ever
    expect(await atOnce(bind('s', '2'), execute, sync)).toEqual(['SELECT 1'])
    expect(await rows()).toBe(3)
  })

  test('a portal that was allowed runs once', async () => {
    const once = atOnce(parse('d', deleting), bind('d', '2'), execute, execute, sync)
    await until(() => held().length === 1)
    decide(true)
    expect(await once).toEqual(['DELETE 1', '55000'])
    expect(held()).toHaveLength(1)
  })
})
