import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
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
beforeAll(async () => {
  door = await openDoor()
  await door.sql('create table held (x int)')
  door.host.judgeQuery = async ({ sql }, how) => {
    if (!/delete/.test(sql)) return ok(undefined)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    decide = resolve
    signal = how?.signal
    signal?.addEventListener('abort', () => resolve(false))
    how?.tell?.('This statement is held.')
    return (await promise) ? ok(undefined) : fail({ code: 'session.act_not_allowed', say: 'It was not done.' })
  }
})
beforeEach(async () => {
  signal = undefined
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
  const running = psql(door, `\\set ON_ERROR_STOP off\n${script}`)
  await until(() => signal !== undefined)
  running.kill('SIGINT')
  const ran = await running
  expect(signal?.aborted).toBe(true)
  expect(ran.err).toContain('It was not done.')
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
