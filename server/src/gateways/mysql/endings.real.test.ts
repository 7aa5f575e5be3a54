import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../postgres/test/psql.ts'
import { until } from '../ssh/test/until.ts'
import { ended, isHeld, overseen, sent, untilNone } from '../test/in-session.ts'
import { type Door, mariadbArguments, openDoor, ticket } from './test/open-door.ts'

/*
 * How sessions of MySQL's protocol end, and what becomes of a statement that runs then: as at the door of PostgreSQL.
 */

let door: Door
beforeAll(async () => {
  door = await openDoor({ limits: { idleMs: 3_000, silenceMs: 1_000 } })
})
afterAll(() => door?.[Symbol.asyncDispose]())
afterEach(() => void Object.assign(door.host, { remainingMs: undefined, finishMs: 0 }))

const connections = async () =>
  Number((await door.server.sql<{ n: number }>(`select count(*) as n from information_schema.processlist where user = 'app'`))[0]?.n)
const rowsOf = (table: string) => door.server.sql(`select * from shop.${table}`)
/**
 * A statement that leaves a row when it has run for so long. In short naps: every five seconds of one MariaDB looks whether its client is still there, and
 * where it is not, the nap is over and what follows is done.
 */
const slowly = (table: string, seconds: number) =>
  `insert into shop.${table} select if(naps >= 0, 1, 2) from (select sum(sleep(0.5)) as naps from shop.seq_1_to_${2 * seconds}) as slow`

describe('a session ends', () => {
  test('at the second of its grant, and what ran does not go on', async () => {
    await door.server.sql('create table shop.ends (x int)')
    // time to begin the statement, which would go on long after the end
    door.host.remainingMs = 5_000
    const from = performance.now()
    const ran = await door.mariadb(slowly('ends', 90))
    expect(performance.now() - from).toBeGreaterThan(4_900)
    expect(ran.err).toMatch(/ERROR 1152 .*The grant has ended\. To go on, ask again with: claviger request app@shop-db/)
    expect(await ended(door.session())).toEqual([{ reason: 'grant_ended' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'cut' }])
    // sooner than the statement would have come to its end
    expect(await untilNone(connections)).toBe(0)
    expect(await rowsOf('ends')).toEqual([])
  })

  test('after the statement that ran, where policy lets it finish, and no other passes', async () => {
    await door.server.sql('create table shop.finishes (x int)')
    Object.assign(door.host, { remainingMs: 5_000, finishMs: 60_000 })
    const ran = await door.mariadb(`${slowly('finishes', 6)};\ninsert into shop.finishes values (2);`)
    expect(ran.err).toMatch(/The grant has ended|Lost connection|has gone away/)
    expect(await ended(door.session())).toEqual([{ reason: 'grant_ended' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'ok', rows: 1 }])
    expect(await rowsOf('finishes')).toEqual([{ x: 1 }])
  })

  test('in spite of a statement that may finish, when that takes longer than policy gives it or an officer ends it', async () => {
    Object.assign(door.host, { remainingMs: 1_000, finishMs: 1_000 })
    expect((await door.mariadb('select sleep(600)')).err).toMatch(/The grant has ended/)
    Object.assign(door.host, { remainingMs: 5_000, finishMs: 600_000 })
    const running = door.mariadb('select sleep(601)')
    await sent(door.host, 'select sleep(601)')
    await delay(5_500)
    expect(door.session().outcomes).toEqual([])
    door.session().cut('ended_by_officer')
    expect((await running).err).toMatch(/ERROR 1152 .*The grant has ended/)
    expect(await untilNone(connections)).toBe(0)
  })

  test('in the middle of a result, and nothing of it goes on at the target', async () => {
    const many = `select repeat('x', 1000) from shop.seq_1_to_10000000`
    const running = door.mariadb(many, '--quick')
    await sent(door.host, many)
    await delay(200)
    door.session().cut('ended_by_officer')
    await running
    expect(await ended(door.session())).toEqual([{ reason: 'ended_by_officer' }])
    expect(await untilNone(connections)).toBe(0)
  })

  test('when nothing moved in it for as long as is allowed; a statement that runs is no idleness', async () => {
    const client = await door.client()
    client.on('error', () => {})
    await client.query('select sleep(4)')
    expect(door.session().outcomes).toEqual([])
    expect(await ended(door.session())).toEqual([{ reason: 'idle' }])
    await expect(client.query('select 1')).rejects.toThrow()
  })

  test('when it cannot be recorded, before the target hears the statement', async () => {
    await door.server.sql('create table shop.unrecorded (x int)')
    const fresh = door.host.newRecorder
    door.host.newRecorder = (recorded) => ({
      ...fresh(recorded),
      statementStarted: () => {
        throw new Error('the disk is full')
      },
    })
    const ran = await door.mariadb('insert into shop.unrecorded values (1)')
    door.host.newRecorder = fresh
    expect(ran.err).toMatch(/could not be recorded/)
    expect(await ended(door.session())).toEqual([{ reason: 'recording_failed' }])
    expect(await rowsOf('unrecorded')).toEqual([])
    door.errors.length = 0
  })

  test('when its client is gone without a word, and what ran for it does not go on', async () => {
    await door.server.sql('create table shop.left_alone (x int)')
    const sql = slowly('left_alone', 90)
    const running = door.mariadb(sql)
    await sent(door.host, sql)
    running.kill('SIGKILL')
    await running
    expect(await ended(door.session())).toMatchObject([{ reason: 'closed' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'cut' }])
    expect(await untilNone(connections)).toBe(0)
    await expect(door.session().credential.lend('sign', () => 1)).rejects.toThrow(/wiped/)
    expect(await rowsOf('left_alone')).toEqual([])
  })

  test('with the words of the target when that ends it', async () => {
    const running = door.mariadb('select sleep(60)')
    await sent(door.host, 'select sleep(60)')
    const [one] = await door.server.sql<{ id: number }>(`select id from information_schema.processlist where user = 'app'`)
    await door.server.sql(`kill ${one?.id}`)
    expect((await running).err).toMatch(/Connection was killed|closed the connection without saying why/)
    expect(await ended(door.session())).toMatchObject([{ reason: 'target_failed' }])
  })

  test('although the target does not let the account in any more: then a statement runs until the server notices', async () => {
    await door.server.sql(`create user busy@'127.0.0.1' identified by 'Only-the-vault-knows-this-1'`)
    const known = door.host.targets.get('shop-db')
    if (!known) throw new Error('no target')
    door.host.targets.set('busy-db', { ...known, login: () => ({ ...known.login(), account: 'busy' }) })
    door.host.grant('alice', 'busy@busy-db')
    const client = await door.client({ user: 'alice@busy@busy-db' })
    client.on('error', () => {})
    const running = client.query('select sleep(30)').catch((error: Error) => error.message)
    await sent(door.host, 'select sleep(30)')
    await door.server.sql(`set password for busy@'127.0.0.1' = password('another one')`)
    door.session().cut('ended_by_officer')
    expect(await running).toMatch(/A security officer ended this session/)
    expect(await ended(door.session())).toEqual([{ reason: 'ended_by_officer' }])
  })
})

describe('a reader who does not read', () => {
  test('is waited for, and little is kept for them', async () => {
    const before = process.memoryUsage().rss
    const count = door.host.sessions.length
    const read = `${door.ca}.read`
    const args = mariadbArguments(door.gateway.port, door.ca, '--quick', '-e', `"select repeat('x', 1000) from shop.seq_1_to_200000"`)
    const slow = run('sh', ['-c', `mariadb ${args.join(' ')} | (until [ -e ${read} ]; do sleep 0.1; done; wc -c)`], { MYSQL_PWD: ticket })
    await until(() => door.host.sessions[count]?.statements.some(({ sql }) => sql.includes('repeat')) === true)
    await delay(1_500)
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    writeFileSync(read, '')
    expect((await slow).out.trim()).toBe('200200000')
  })
})

describe('a session that an officer holds', () => {
  test('answers nothing until it goes on, from the middle of a large answer, and every row arrives', async () => {
    const running = door.mariadb('select repeat(md5(seq), 20) from shop.seq_1_to_60000')
    const by = await overseen(door.host)
    by.suspend()
    expect(await isHeld(running)).toBe(true)
    // nothing can be said to a client that did not ask
    expect(by.say('Wait.')).toBe(false)
    by.resume()
    const ran = await running
    expect(ran.out.split('\n').filter((line) => line.length === 640)).toHaveLength(60_000)
  })

  test('begins held where it is supervised: no statement passes before somebody observes', async () => {
    await door.server.sql('create table shop.supervised (x int)')
    door.host.supervised = true
    const running = door.mariadb('insert into shop.supervised values (1)')
    const by = await overseen(door.host)
    door.host.supervised = false
    expect(await isHeld(running)).toBe(true)
    expect(door.session().statements).toEqual([])
    expect(await rowsOf('supervised')).toEqual([])
    by.resume()
    expect((await running).code).toBe(0)
    expect(await rowsOf('supervised')).toEqual([{ x: 1 }])
  })

  test('ends at the second of its grant all the same, with the reason', async () => {
    door.host.remainingMs = 6_000
    const running = door.mariadb('select sleep(4); select 1;')
    const by = await overseen(door.host)
    door.host.remainingMs = undefined
    by.suspend()
    expect((await running).err).toContain('The grant has ended')
  })
})
