import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { type QueryAsked, takenBack } from '../contract.ts'
import { until } from '../ssh/test/until.ts'
import { accountPassword, type Door, openDoor, user } from './test/open-door.ts'

/*
 * Clients as people have them through the door, in front of a real MariaDB: Debian's `mariadb`, and mysql2.
 */

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.[Symbol.asyncDispose]())

const ended = async () => {
  const session = door.session()
  await until(() => session.outcomes.length > 0)
  return session
}

describe("Debian's mariadb", () => {
  test('signs in with a ticket, checks the certificate, and everything is recorded with its end', async () => {
    const ran = await door.mariadb(
      'select 6 * 7; create table shop.a (n int); insert into shop.a values (1), (2); drop table shop.a; nonsense here;',
    )
    expect(ran.err).toMatch(/ERROR 1064/)
    expect(ran.out).toContain('42')
    const { statements, ends, outcomes, attempt } = await ended()
    expect(statements.map(({ sql }) => sql)).toEqual([
      'select 6 * 7',
      'create table shop.a (n int)',
      'insert into shop.a values (1), (2)',
      'drop table shop.a',
      'nonsense here',
    ])
    expect(statements.every(({ dialect }) => dialect === 'mysql')).toBe(true)
    expect(ends.map(({ outcome, rows }) => [outcome, rows])).toEqual([
      ['ok', 1],
      ['ok', 0],
      ['ok', 2],
      ['ok', 0],
      ['failed', 0],
    ])
    expect(ends.at(-1)).toMatchObject({ sqlState: '42000', message: expect.stringMatching(/syntax.*\(1064\)/) })
    expect(outcomes).toEqual([{ reason: 'closed' }])
    expect(`${attempt.person}@${attempt.account}@${attempt.target}`).toBe(user)
  })

  test('works in a database of its choice, and says what it may see of it', async () => {
    const ran = await door.mariadb('select database(); \\s', 'shop')
    expect(ran.out).toContain('shop')
    expect(ran.code).toBe(0)
    expect((await ended()).how).toMatchObject({ kind: 'sql', database: 'shop', application: expect.stringMatching(/mariadb|mysql/) })
  })

  test('a database that is not there is named', async () => {
    const ran = await door.mariadb('select 1', 'nowhere')
    expect(ran.err).toMatch(/ERROR 1049 .*The target has no database "nowhere"/)
    expect((await ended()).outcomes).toMatchObject([{ reason: 'target_failed' }])
  })

  test('what was interrupted with Ctrl-C is cancelled on the target, by a second connection that names ours', async () => {
    const running = door.mariadb('select sleep(100) as s; select 7 as after;')
    await until(() => door.host.sessions.some((s) => s.statements.some(({ sql }) => sql.includes('sleep(100)'))))
    // what did not begin a server does not cancel
    const began = () =>
      door.server.sql("select 1 from information_schema.processlist where user = 'app' and info like 'select sleep(100)%'")
    await expect.poll(began).toHaveLength(1)
    const session = door.session()
    running.kill('SIGINT')
    await running
    await until(() => session.ends.length > 0)
    const killed = door.host.sessions.flatMap((s) => s.statements).find(({ sql }) => /^kill/i.test(sql))
    expect(killed?.sql).toMatch(/^KILL (QUERY )?\d{1,7}$/i)
    expect(session.ends[0]).toMatchObject({ outcome: expect.stringMatching(/ok|cancelled/) })
    expect(session.ends[0]?.durationMs).toBeLessThan(90_000)
  })
})

describe('mysql2', () => {
  test('prepares once and executes often; the values stand beside the text, in whatever form they came', async () => {
    const client = await door.client({ database: 'shop' })
    const sql = 'select ? as a, ? as b, ? as c, ? as d'
    for (const value of [1, 2]) {
      const [rows] = await client.execute(sql, [value, "it's", null, new Date(Date.UTC(2026, 0, 2, 3, 4, 5))])
      expect(rows).toMatchObject([{ a: value, b: "it's", c: null }])
    }
    await client.end()
    const { statements, ends } = await ended()
    expect(statements.map(({ via, sql: text, parameters }) => [via, text, parameters.slice(0, 3)])).toEqual([
      ['extended', sql, ['1', "it's", null]],
      ['extended', sql, ['2', "it's", null]],
    ])
    expect(statements[0]?.parameters[3]).toMatch(/^2026-01-0/)
    expect(ends.map(({ outcome, rows }) => [outcome, rows])).toEqual([
      ['ok', 1],
      ['ok', 1],
    ])
  })

  test('several statements at once, a procedure with several results, an error in the middle', async () => {
    const client = await door.client({ database: 'shop', multipleStatements: true })
    await client.query('create procedure two() begin select 1 as a; select 2 as b; end')
    const [called] = await client.query('call two()')
    expect(called).toMatchObject([[{ a: 1 }], [{ b: 2 }], {}])
    const [prepared] = await client.execute('call two()')
    expect(prepared).toMatchObject([[{ a: 1 }], [{ b: 2 }], {}])
    const [both] = await client.query('select 1 as a; select 2 as b')
    expect(both).toEqual([[{ a: 1 }], [{ b: 2 }]])
    await expect(client.query('select 1; select * from nowhere.at_all; select 3')).rejects.toMatchObject({ errno: 1146 })
    await client.query('drop procedure two')
    await client.end()
    const { statements, ends } = await ended()
    expect(statements.map(({ sql }) => sql)).toContain('select 1; select * from nowhere.at_all; select 3')
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok', 'failed', 'ok'])
  })

  test('20 MiB of rows pass unchanged, and a value of more than a packet with them', async () => {
    const client = await door.client({ database: 'shop' })
    await door.server.sql('set global max_allowed_packet = 67108864')
    const other = await door.client()
    const [rows] = await other.query("select repeat('x', 20 * 1024 * 1024) as big, 5 as n")
    const [row] = rows as { big: string; n: number }[]
    expect([row?.big.length, row?.n]).toEqual([20 * 1024 * 1024, 5])
    const [many] = await client.query('select seq, repeat(seq, 100) as s from seq_1_to_20000')
    expect((many as unknown[]).length).toBe(20_000)
    const [after] = await other.query('select 1 as one')
    expect(after).toEqual([{ one: 1 }])
    await client.end()
    await other.end()
  })

  test('another user on the same connection is refused, and the session goes on', async () => {
    const client = await door.client()
    await expect(client.changeUser({ user: 'root' })).rejects.toThrow(/Another user needs another connection here/)
  })

  test('a command of more than 16 MiB is refused whole, and one of a little less is recorded whole', async () => {
    const client = await door.client()
    const head = "select length('"
    const long = `${head}${'y'.repeat(15 * 1024 * 1024)}') as n`
    expect((await client.query(long))[0]).toEqual([{ n: 15 * 1024 * 1024 }])
    await expect(client.query(`${head}${'z'.repeat(17 * 1024 * 1024)}') as n`)).rejects.toThrow(/less than 16 MiB/)
    expect((await client.query('select 1 as one'))[0]).toEqual([{ one: 1 }])
    await client.end()
    const { statements } = await ended()
    expect(statements[0]?.sql).toBe(long)
    expect(statements).toHaveLength(2)
  })

  test('a file of the client is not read, whoever asks for it', async () => {
    const client = await door.client({
      database: 'shop',
      infileStreamFactory: () => {
        throw new Error('it would have read a file')
      },
    })
    await client.query('create table taken (line text)')
    await expect(client.query("load data local infile '/etc/hostname' into table taken")).rejects.toMatchObject({
      errno: expect.any(Number),
    })
    expect((await client.query('select count(*) as n from taken'))[0]).toEqual([{ n: 0 }])
    await client.query('drop table taken')
    await client.end()
  })

  test('the password of the account is not shown, where the target sends it back', async () => {
    const client = await door.client()
    const [rows] = await client.query(`select concat('Only-the-vault-', 'knows-this-1') as p`)
    expect(JSON.stringify(rows)).not.toContain(accountPassword)
    expect(JSON.stringify(rows)).toContain('*'.repeat(accountPassword.length))
    await client.end()
  })
})

describe('where policy looks at statements', () => {
  const say = 'Nothing is dropped here. Ask an administrator.'
  beforeAll(() => {
    door.host.judgeQuery = async ({ sql, sure, dialect }) => {
      // policy is another process
      await new Promise((resolve) => setTimeout(resolve, 1))
      return sure && dialect === 'mysql' && !/drop/i.test(sql) ? ok(undefined) : fail({ code: 'session.act_refused', say })
    }
  })
  afterAll(() => {
    door.host.judgeQuery = undefined
  })

  test('a client hears why, goes on, and what was refused is written down as it was asked', async () => {
    const ran = await door.mariadb(
      'create table shop.keep (n int); drop table shop.keep; insert into shop.keep values (1); select * from shop.keep;',
      '--force',
    )
    expect(ran.err).toContain(`ERROR 1142 (42000) at line 1: ${say}`)
    expect(ran.out).toContain('1')
    const { statements, ends } = await ended()
    expect(statements.map(({ sql }) => sql)).toContain('drop table shop.keep')
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'ok', 'ok'])
    expect(ends[1]).toMatchObject({ sqlState: '42000', message: say })
  })

  test('several in one text are refused together, prepared ones where they are prepared, and the transaction goes on', async () => {
    const client = await door.client({ multipleStatements: true })
    const refusal = { errno: 1142, sqlState: '42000', sqlMessage: say }
    try {
      await client.query('start transaction')
      await client.query('insert into shop.keep values (2)')
      await expect(client.query('insert into shop.keep values (3); drop table shop.keep')).rejects.toMatchObject(refusal)
      await expect(client.execute('drop table shop.keep')).rejects.toMatchObject(refusal)
      expect((await client.execute('select ? + 1 as n', [1]))[0]).toMatchObject([{ n: 2 }])
      // one behind the other, without waiting
      const [first, second, third] = await Promise.allSettled(
        ['select 1 as n', 'drop table shop.keep', 'select 3 as n'].map((sql) => client.query(sql)),
      )
      expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      await client.query('commit')
      expect((await client.query('select n from shop.keep order by n'))[0]).toMatchObject([{ n: 1 }, { n: 2 }])
    } finally {
      await client.end()
    }
  })
})

describe('where somebody else is asked', () => {
  let held: { asked: QueryAsked; signal: AbortSignal | undefined; decide: (yes: boolean) => void }[] = []
  beforeAll(async () => {
    await door.server.sql('create table shop.held (n int)')
    door.host.judgeQuery = async (asked, how) => {
      if (!asked.sure) return fail({ code: 'session.act_refused', say: 'What this does cannot be told.' })
      if (!/delete/.test(asked.sql)) return ok(undefined)
      if (asked.kept) return ok({ each: true })
      const { promise, resolve } = Promise.withResolvers<boolean>()
      how?.signal?.addEventListener('abort', () => resolve(false))
      held.push({ asked, signal: how?.signal, decide: resolve })
      if (await promise) return ok(undefined)
      return fail({ code: how?.signal?.aborted ? takenBack : 'session.act_not_allowed', say: 'It was not done.' })
    }
  })
  beforeEach(async () => {
    held = []
    await door.server.sql('truncate shop.held')
    await door.server.sql('insert into shop.held values (1), (2), (3)')
  })
  afterAll(() => {
    door.host.judgeQuery = undefined
  })
  const left = async () => (await door.server.sql('select n from shop.held order by n')).map((row) => Object.values(row)[0])
  const waits = async (count: number) => {
    await until(() => held.length === count)
    return held[count - 1] as (typeof held)[number]
  }

  test("Debian's mariadb waits for the answer, and what comes behind it follows it", async () => {
    const allowed = door.mariadb('select 41; delete from shop.held where n = 1; select 43;')
    const { asked, decide } = await waits(1)
    expect(asked).toMatchObject({ sql: 'delete from shop.held where n = 1' })
    expect(await left()).toEqual([1, 2, 3])
    expect(door.session().statements.map(({ sql }) => sql)).not.toContain('select 43')
    decide(true)
    expect(await allowed).toMatchObject({ code: 0, out: '41\n43\n' })
    const refused = door.mariadb('select 41; delete from shop.held where n = 2; select 43;', '--force')
    ;(await waits(2)).decide(false)
    const { out, err } = await refused
    expect(out).toBe('41\n43\n')
    expect(err).toContain('ERROR 1142 (42000) at line 1: It was not done.')
    expect(await left()).toEqual([2, 3])
  })

  test('several in one text wait together, and nothing of it is done where it is refused', async () => {
    const both = `insert into shop.held values (4); delete from shop.held where n = 2`
    const refused = door.mariadb(`delimiter $$\n${both} $$\n`)
    const { asked, decide } = await waits(1)
    expect(asked.sql).toBe(both)
    decide(false)
    expect((await refused).err).toContain('It was not done.')
    expect(await left()).toEqual([1, 2, 3])
    const allowed = door.mariadb(`delimiter $$\n${both} $$\n`)
    ;(await waits(2)).decide(true)
    expect((await allowed).code).toBe(0)
    expect(await left()).toEqual([1, 3, 4])
  })

  test("mariadb's Ctrl-C takes it back, and nothing that runs later is hit by it", async () => {
    const running = door.mariadb('delete from shop.held; select 43;', '--force')
    const { signal } = await waits(1)
    const session = door.session()
    running.kill('SIGINT')
    const ran = await running
    expect(signal?.aborted).toBe(true)
    expect(ran.err).toContain('ERROR 1317 (70100) at line 1: It was not done.')
    expect(await left()).toEqual([1, 2, 3])
    await until(() => session.outcomes.length > 0)
    expect(session.ends[0]).toMatchObject({ outcome: 'cancelled', sqlState: '70100' })
    expect(session.ends.slice(1).every(({ outcome }) => outcome === 'ok')).toBe(true)
  })

  test('nobody takes back what another person wants', async () => {
    const client = await door.client()
    const ran = client.query('delete from shop.held where n = 3')
    const { signal, decide } = await waits(1)
    const other = await door.client()
    await expect(other.query(`kill query ${client.threadId + 1}`)).rejects.toMatchObject({ errno: 1045 })
    expect(signal?.aborted).toBe(false)
    decide(true)
    await ran
    expect(await left()).toEqual([1, 2])
    for (const one of [client, other]) await one.end()
  })

  test('what a driver prepares is kept, and waits each time that it gets its values, which are shown', async () => {
    const client = await door.client()
    const deleting = 'delete from shop.held where n = ? or n is null or ? = 0'
    try {
      const one = client.execute(deleting, [1, 'x'])
      expect((await waits(1)).asked).toMatchObject({ sql: deleting, values: ['1', 'x'] })
      expect(await left()).toEqual([1, 2, 3])
      held[0]?.decide(true)
      expect((await one)[0]).toMatchObject({ affectedRows: expect.any(Number) })
      const two = client.execute(deleting, [2, null]).catch((error: { errno: number; sqlMessage: string }) => error)
      expect((await waits(2)).asked.values).toEqual(['2', null])
      held[1]?.decide(false)
      expect(await two).toMatchObject({ errno: 1142, sqlMessage: 'It was not done.' })
      expect((await client.execute('select ? as n', [7]))[0]).toMatchObject([{ n: 7 }])
      expect(held).toHaveLength(2)
    } finally {
      await client.end()
    }
    const { statements, ends } = await ended()
    expect(statements.map(({ sql, parameters }) => [sql, parameters])).toEqual([
      [deleting, ['1', 'x']],
      [deleting, ['2', null]],
      ['select ? as n', ['7']],
    ])
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'ok'])
  })
})

describe('where policy has results kept', () => {
  beforeAll(async () => {
    await door.server.sql('create table shop.people (id int unsigned, name varchar(20), born date, raw varbinary(4))')
    await door.server.sql("insert into shop.people values (1, 'Ünal', '1970-01-02', x'00ff'), (4000000000, null, null, null)")
    door.host.keepResults = { statementBytes: 4096, sessionBytes: 65_536 }
  })
  afterAll(() => {
    door.host.keepResults = undefined
  })
  const people: [string, string][] = [
    ['id', 'int'],
    ['name', 'varchar'],
    ['born', 'date'],
    ['raw', 'varchar'],
  ]
  const columns = (n: number, ...named: [name: string, type: string][]) => ({
    n,
    part: { columns: named.map(([name, type]) => ({ name, type })) },
  })
  const row = (n: number, ...values: (string | null)[]) => ({ n, part: { row: values } })

  test("Debian's mariadb: the rows of each statement, those of a procedure too", async () => {
    await door.server.sql('create procedure shop.pair() begin select 1 as a; select 2 as b; end')
    const ran = await door.mariadb(
      'select * from shop.people; call shop.pair(); insert into shop.people (id) values (3); delete from shop.people where id = 3;',
      '--default-character-set=utf8mb4',
    )
    expect(ran.err).not.toContain('ERROR')
    expect((await ended()).results).toEqual([
      columns(1, ...people),
      row(1, '1', 'Ünal', '1970-01-02', '0x00ff'),
      row(1, '4000000000', null, null, null),
      columns(2, ['a', 'int']),
      row(2, '1'),
      columns(2, ['b', 'int']),
      row(2, '2'),
    ])
  })

  test('mysql2: prepared ones in binary form, the same text', async () => {
    const client = await door.client({ database: 'shop' })
    for (const id of [1, 4_000_000_000]) expect((await client.execute('select * from people where id = ?', [id]))[0]).toHaveLength(1)
    await client.end()
    expect((await ended()).results).toEqual([
      columns(1, ...people),
      row(1, '1', 'Ünal', '1970-01-02', '0x00ff'),
      columns(2, ...people),
      row(2, '4000000000', null, null, null),
    ])
  })

  test('a row of more than a packet passes whole; kept is what the limits let, whole rows from the first one on', async () => {
    await door.server.sql('set global max_allowed_packet = 67108864')
    const client = await door.client({ database: 'shop' })
    const [big] = await client.query("select 'before' as c union all select repeat('y', 20 * 1024 * 1024) union all select 'behind'")
    expect((big as { c: string }[]).map(({ c }) => c.length)).toEqual([6, 20 * 1024 * 1024, 6])
    expect(((await client.query('select seq from seq_1_to_100000'))[0] as unknown[]).length).toBe(100_000)
    await client.end()
    const { results } = await ended()
    const rowsOf = (n: number) => results.flatMap((r) => (r.n === n && r.part && 'row' in r.part ? [r.part.row] : []))
    expect(rowsOf(1)).toEqual([['before']])
    expect(rowsOf(2).map(([seq]) => Number(seq))).toEqual(Array.from({ length: rowsOf(2).length }, (_, i) => i + 1))
    expect(rowsOf(2).length).toBeGreaterThan(100)
    expect(rowsOf(2).length).toBeLessThan(4096 / 16)
  })

  test('where it says nothing, none', async () => {
    door.host.keepResults = undefined
    expect((await door.mariadb('select name from shop.people')).out).toContain('nal')
    expect((await ended()).results).toEqual([])
  })
})
