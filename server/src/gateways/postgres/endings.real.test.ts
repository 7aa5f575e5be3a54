import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { queryMessage } from '../../protocols/postgres/index.ts'
import { until } from '../ssh/test/until.ts'
import { ended, isHeld, overseen, sent, untilNone } from '../test/in-session.ts'
import { connectionOf } from './test/connection.ts'
import { accountPassword, type Door, openDoor } from './test/open-door.ts'
import { psql, run } from './test/psql.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor({ limits: { idleMs: 3_000, silenceMs: 1_000 } })
})
afterAll(async () => {
  await door[Symbol.asyncDispose]()
})

const backends = async () =>
  Number((await door.sql<{ n: string }>(`select count(*) as n from pg_stat_activity where usename = 'app_admin'`))[0]?.n)

describe('a session ends', () => {
  test('at the second of its grant, and what ran does not go on', async () => {
    await door.sql('create table ends (x int)')
    // time to begin the statement, which would go on long after the end
    door.host.remainingMs = 5_000
    const from = performance.now()
    const ran = await psql(door, 'insert into ends select 1 from pg_sleep(30);')
    door.host.remainingMs = undefined
    expect(performance.now() - from).toBeGreaterThan(4_900)
    expect(ran.err).toMatch(/FATAL: +The grant has ended\. To go on, ask again with: claviger request app_admin@orders-db/)
    expect(await ended(door.session())).toEqual([{ reason: 'grant_ended' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'cut' }])
    expect(await untilNone(backends)).toBe(0)
    expect(await door.sql('select * from ends')).toEqual([])
  })

  test.each([
    ['an officer ends it', () => door.session().cut('ended_by_officer')],
    ['its client is gone without a word', (socket: Socket) => socket.destroy()],
  ])('with what was sent ahead of the answer, when %s: that never begins', async (_when, endIt) => {
    await door.sql('drop table if exists ahead; create table ahead (x int)')
    const client = door.client()
    client.on('error', () => {})
    await client.connect()
    const { stream } = client.connection as unknown as { stream: Socket }
    // both are on their way before the first has an answer
    const [first, second] = ['insert into ahead select 1 from pg_sleep(30)', 'insert into ahead values (2)']
    stream.write(Buffer.concat([queryMessage(first), queryMessage(second)]))
    await sent(door.host, second)
    endIt(stream)
    await ended(door.session())
    expect(await untilNone(backends)).toBe(0)
    expect(await door.sql('select * from ahead')).toEqual([])
    await client.end().catch(() => {})
  })

  test('and what ran does not go on, also where the target does not let the account in once more', async () => {
    await door.sql('drop table if exists ahead; create table ahead (x int)')
    const client = door.client()
    client.on('error', () => {})
    await client.connect()
    await door.sql('alter role app_admin connection limit 1; alter role app_admin nosuperuser')
    const running = 'insert into ahead select 1 from pg_sleep(30)'
    client.query(running).catch(() => {})
    await sent(door.host, running)
    door.session().cut('ended_by_officer')
    await ended(door.session())
    expect(await untilNone(backends)).toBe(0)
    await door.sql('alter role app_admin connection limit -1; alter role app_admin superuser')
    expect(await door.sql('select * from ahead')).toEqual([])
    await client.end().catch(() => {})
  })

  test('after the statement that ran, where policy lets it finish, and no other passes', async () => {
    await door.sql('create table finishes (x int)')
    Object.assign(door.host, { remainingMs: 5_000, finishMs: 60_000 })
    const ran = await psql(door, 'insert into finishes select 1 from pg_sleep(6);\ninsert into finishes values (2);')
    expect(ran.err).toMatch(/FATAL: +The grant has ended/)
    expect(await ended(door.session())).toEqual([{ reason: 'grant_ended' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'ok', tag: 'INSERT 0 1' }])
    expect(await door.sql('select * from finishes')).toEqual([{ x: 1 }])
  })

  test('in spite of a statement that may finish, when that takes longer than policy gives it or an officer ends it', async () => {
    Object.assign(door.host, { remainingMs: 1_000, finishMs: 1_000 })
    const slow = await psql(door, 'select pg_sleep(600);')
    expect(slow.err).toMatch(/FATAL: +The grant has ended/)
    Object.assign(door.host, { remainingMs: 5_000, finishMs: 600_000 })
    const running = psql(door, 'select pg_sleep(601);')
    await sent(door.host, 'select pg_sleep(601);')
    await delay(5_500)
    expect(door.session().outcomes).toEqual([])
    door.session().cut('ended_by_officer')
    expect((await running).err).toMatch(/FATAL/)
    Object.assign(door.host, { remainingMs: undefined, finishMs: 0 })
    expect(await untilNone(backends)).toBe(0)
  })

  test('in the middle of what it copies out, behind a whole row and with the reason', async () => {
    const copy = `copy (select repeat('x', 1000) from generate_series(1, 10000000)) to stdout;`
    const running = psql(door, copy)
    await sent(door.host, copy)
    await delay(200)
    door.session().cut('ended_by_officer')
    const ran = await running
    expect(ran.err).toMatch(/FATAL: +A security officer ended this session/)
    expect(await ended(door.session())).toEqual([{ reason: 'ended_by_officer' }])
  })

  test('when nothing moved in it for as long as is allowed', async () => {
    const client = door.client()
    const lost = once(client, 'error')
    await client.connect()
    // a statement that runs is no idleness
    await client.query('select pg_sleep(4)')
    client.on('error', () => {})
    const [error] = (await lost) as [Error & { code?: string }]
    expect(error).toMatchObject({ code: '57P01', message: expect.stringMatching(/nothing moved/) })
    expect(await ended(door.session())).toEqual([{ reason: 'idle' }])
  })

  test('when it cannot be recorded, before the target hears the statement', async () => {
    await door.sql('create table unrecorded (x int)')
    const fresh = door.host.newRecorder
    door.host.newRecorder = (recorded) => ({
      ...fresh(recorded),
      statementStarted: () => {
        throw new Error('the disk is full')
      },
    })
    const ran = await psql(door, 'insert into unrecorded values (1);')
    door.host.newRecorder = fresh
    expect(ran.err).toMatch(/could not be recorded/)
    expect(await ended(door.session())).toEqual([{ reason: 'recording_failed' }])
    expect(await door.sql('select * from unrecorded')).toEqual([])
    door.errors.length = 0
  })

  test('when its client is gone without a word, and what ran for it does not go on', async () => {
    await door.sql('create table left_alone (x int)')
    const sql = 'insert into left_alone select 1 from pg_sleep(30);'
    const running = psql(door, sql)
    await sent(door.host, sql)
    running.kill('SIGKILL')
    await running
    expect(await ended(door.session())).toMatchObject([{ reason: 'closed' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'cut' }])
    expect(await untilNone(backends)).toBe(0)
    await expect(door.session().credential.lend('sign', () => 1)).rejects.toThrow(/wiped/)
    expect(await door.sql('select * from left_alone')).toEqual([])
  })

  test('with the words of the target when that ends it', async () => {
    const running = psql(door, 'select pg_sleep(60);')
    await sent(door.host, 'select pg_sleep(60);')
    await door.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app_admin'`)
    const ran = await running
    expect(ran.err).toMatch(/terminating connection due to administrator command/)
    expect(await ended(door.session())).toMatchObject([{ reason: 'target_failed' }])
    expect(door.session().ends).toMatchObject([{ outcome: 'failed', sqlState: '57P01' }])
  })
})

describe('a reader who does not read', () => {
  test('is waited for, and little is kept for them', async () => {
    const before = process.memoryUsage().rss
    const count = door.host.sessions.length
    const read = join(door.folder, 'read')
    const slow = run(
      'sh',
      [
        '-c',
        `psql -X -q -A -t -c "copy (select repeat('x', 1000) from generate_series(1, 200000)) to stdout" | (until [ -e ${read} ]; do sleep 0.1; done; wc -c)`,
      ],
      connectionOf(door),
    )
    await until(() => door.host.sessions[count]?.statements.length === 1)
    await delay(1_500)
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    writeFileSync(read, '')
    expect((await slow).out.trim()).toBe('200200000')
  })
})

describe('a target that is not the one', () => {
  test('and does not know the verifier of the password gets nothing, and it is an alarm', async () => {
    const heard: Buffer[] = []
    const impostor = createServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', (bytes) => {
          heard.push(bytes)
          // asks for the password in clear text
          socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
        })
    })
    await once(impostor.listen(0, '127.0.0.1'), 'listening')
    const { port } = impostor.address() as AddressInfo
    door.host.grant('alice', 'app_admin@false-db')
    door.host.targets.set('false-db', {
      ...{ host: '127.0.0.1', port, identity: { proof: 'scram-server-signature' }, settings: { tls: 'off-scram' } },
      login: () => ({ account: 'app_admin', credential: { kind: 'password', secret: Secret.fromText(accountPassword) } }),
    })
    const ran = await run('psql', ['-X', '-c', 'select 1'], { ...connectionOf(door), PGUSER: 'alice@app_admin@false-db' })
    impostor.close()
    expect(ran.err).toMatch(/did not prove that it is the one that is pinned/)
    expect(Buffer.concat(heard).includes(accountPassword)).toBe(false)
    expect(await ended(door.session())).toMatchObject([{ reason: 'target_impostor', detail: /the password in clear text/ }])
  })

  test('and is not there is said to be so', async () => {
    door.host.grant('alice', 'app_admin@no-db')
    door.host.targets.set('no-db', {
      ...{ host: '127.0.0.1', port: 1, identity: { proof: 'scram-server-signature' }, settings: { tls: 'off-scram' } },
      login: () => ({ account: 'app_admin', credential: { kind: 'password', secret: Secret.fromText(accountPassword) } }),
    })
    const ran = await run('psql', ['-X', '-c', 'select 1'], { ...connectionOf(door), PGUSER: 'alice@app_admin@no-db' })
    expect(ran.err).toMatch(/The target at 127\.0\.0\.1 cannot be reached/)
  })

  test('and got another password between the release and the login is tried once more, with the newer one', async () => {
    const known = door.host.targets.get('orders-db')
    if (!known) throw new Error('no target')
    const older = Secret.fromText('the older one')
    const login = () => ({ account: 'app_admin', credential: { kind: 'password' as const, secret: older } })
    door.host.targets.set('orders-db', { ...known, login, scrub: 'the older one', renewed: { login: known.login, scrub: accountPassword } })
    const ran = await psql(door, `select 'it is ${accountPassword}';`)
    expect(ran.out).toBe(`it is ${'*'.repeat(accountPassword.length)}\n`)
    await expect(older.lend('sign', () => 1)).rejects.toThrow(/wiped/)
    await expect(door.session().credential.lend('sign', () => 1)).rejects.toThrow(/wiped/)

    door.host.targets.set('orders-db', { ...known, login: wrong, renewed: { login: wrong } })
    const refused = await psql(door, 'select 1;')
    door.host.targets.set('orders-db', known)
    expect(refused.err).toMatch(/The target refused the credential from the vault/)
  })
  const wrong = () => ({ account: 'app_admin', credential: { kind: 'password' as const, secret: Secret.fromText('wrong') } })

  test('a database that is not there is named', async () => {
    const ran = await run('psql', ['-X', '-c', 'select 1'], { ...connectionOf(door), PGDATABASE: 'nowhere' })
    expect(ran.err).toMatch(/has no database "nowhere"/)
  })
})

test('the credential is wiped when the target has taken it', async () => {
  await psql(door, 'select 1;')
  await expect(door.session().credential.lend('sign', () => 1)).rejects.toThrow(/wiped/)
  expect(readFileSync(door.ca, 'utf8')).toMatch(/BEGIN CERTIFICATE/)
})

describe('a session that an officer holds', () => {
  test('answers nothing until it goes on, from the middle of a large answer, and every row arrives', async () => {
    const running = psql(door, 'select repeat(md5(n::text), 20) as x from generate_series(1, 60000) n;')
    const by = await overseen(door.host)
    by.suspend()
    expect(await isHeld(running)).toBe(true)
    by.say('Wait.')
    by.resume()
    const ran = await running
    expect(ran.err).toContain('NOTICE:  Wait.')
    expect(ran.out.split('\n').filter((line) => line.length >= 640)).toHaveLength(60_000)
  })

  test('begins held where it is supervised: no statement passes before somebody observes', async () => {
    await door.sql('create table supervised (x int)')
    door.host.supervised = true
    const running = psql(door, 'insert into supervised values (1);')
    const by = await overseen(door.host)
    door.host.supervised = false
    expect(await isHeld(running)).toBe(true)
    expect(door.session().statements).toEqual([])
    expect(await door.sql('select * from supervised')).toEqual([])
    by.say('carol observes.')
    by.resume()
    const ran = await running
    expect(ran.err).toContain('NOTICE:  carol observes.')
    expect(await door.sql('select * from supervised')).toEqual([{ x: 1 }])
  })

  test('hears what is left of its time by a notice, and how to ask for more', async () => {
    door.host.remainingMs = 65_000
    const running = psql(door, 'select 1 from pg_sleep(6);')
    const by = await overseen(door.host)
    door.host.remainingMs = undefined
    expect((await running).err).toMatch(/NOTICE: +This session ends in 1m\. More time: claviger sessions renew ses_/)
    expect(by).toBeDefined()
  })

  test('ends at the second of its grant all the same', async () => {
    door.host.remainingMs = 6_000
    const running = psql(door, 'select pg_sleep(4); select 1;')
    const by = await overseen(door.host)
    door.host.remainingMs = undefined
    by.suspend()
    expect((await running).err).toContain('The grant has ended')
  })
})
