import { createHash } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { until } from '../ssh/test/until.ts'
import { begun } from './test/begun.ts'
import { connectionOf } from './test/connection.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { psql, run } from './test/psql.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(async () => {
  expect(door.errors).toEqual([])
  await door[Symbol.asyncDispose]()
})

describe('psql', () => {
  test('works with the certificate checked in full, is told that it is recorded, and each statement is written down', async () => {
    const ran = await psql(door, 'select 6 * 7;\ncreate table a (x int);\ninsert into a select generate_series(1, 5);\nselect 1/0;')
    expect(ran.err).toContain('This session is recorded.')
    expect(ran.err).toContain('division by zero')
    expect(ran.out).toBe('42\n')
    const session = door.session()
    expect(session.how).toEqual({ kind: 'sql', database: 'postgres', application: 'psql' })
    await until(() => session.outcomes.length > 0)
    expect(session.statements.map((s) => s.sql)).toEqual([
      'select 6 * 7;',
      'create table a (x int);',
      'insert into a select generate_series(1, 5);',
      'select 1/0;',
    ])
    expect(session.ends).toMatchObject([
      { n: 1, outcome: 'ok', rows: 1, tag: 'SELECT 1' },
      { n: 2, outcome: 'ok', rows: null, tag: 'CREATE TABLE' },
      { n: 3, outcome: 'ok', rows: 5 },
      { n: 4, outcome: 'failed', sqlState: '22012', message: 'division by zero' },
    ])
    expect(session.outcomes).toEqual([{ reason: 'closed' }])
  })

  test('asks the catalogue, through \\dn and \\conninfo', async () => {
    const ran = await psql(door, '\\dn\n\\conninfo\n')
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('public|')
  })

  test('copies 50 MB in and out unchanged, and none of it is recorded', async () => {
    await door.sql('create table big (t text)')
    const line = `${'x'.repeat(990)}é\\\\tail`
    const input = Array.from({ length: 52_000 }, (_, i) => `${i}${line}\n`).join('')
    expect(Buffer.byteLength(input)).toBeGreaterThan(50_000_000)
    const copied = await psql(door, `copy big from stdin;\n${input}\\.\n`)
    expect(copied.err).not.toMatch(/ERROR/)
    expect(door.session().ends.at(-1)).toMatchObject({ rows: 52_000, tag: 'COPY 52000' })
    expect(door.session().ends.at(-1)?.bytes).toBeGreaterThanOrEqual(Buffer.byteLength(input))
    const out = await psql(door, 'copy (select t from big) to stdout;')
    const sum = (text: string) => createHash('sha256').update(text.split('\n').sort().join('\n')).digest('hex')
    expect(sum(out.out)).toBe(sum(input))
    expect(door.session().ends.at(-1)).toMatchObject({ rows: 52_000, outcome: 'ok' })
    expect(door.session().output).toEqual([])
  })

  test('Ctrl-C cancels its statement, with a key of ours', async () => {
    const running = psql(door, 'select pg_sleep(60);')
    await begun(door.sql, 'select pg_sleep(60);')
    running.kill('SIGINT')
    const ran = await running
    expect(ran.err).toContain('canceling statement due to user request')
    await until(() => door.session().ends.length > 0)
    expect(door.session().ends).toMatchObject([{ outcome: 'cancelled', sqlState: '57014' }])
  })
})

describe('node-postgres', () => {
  test('runs statements with values, prepared ones, and many at once', async () => {
    const client = door.client()
    await client.connect()
    try {
      expect((await client.query('select $1::int + 1 as n', [41])).rows).toEqual([{ n: 42 }])
      const named = { name: 'by-name', text: 'select upper($1) as up' }
      for (const word of ['a', 'b', null]) await client.query({ ...named, values: [word] })
      await Promise.all(Array.from({ length: 50 }, (_, i) => client.query('select $1::text', [`at once ${i}`])))
      await expect(client.query('selekt')).rejects.toThrow(/syntax error/)
      expect((await client.query('select 1 as still')).rows).toEqual([{ still: 1 }])
    } finally {
      await client.end()
    }
    const { statements, ends, outcomes } = door.session()
    expect(statements[0]).toMatchObject({ via: 'extended', sql: 'select $1::int + 1 as n', parameters: ['41'] })
    expect(statements.slice(1, 4).map((s) => [s.sql, s.parameters])).toEqual([
      ['select upper($1) as up', ['a']],
      ['select upper($1) as up', ['b']],
      ['select upper($1) as up', [null]],
    ])
    expect(statements).toHaveLength(56)
    expect(ends.map((e) => e.n)).toEqual(statements.map((s) => s.n))
    expect(ends.filter((e) => e.outcome !== 'ok')).toMatchObject([{ n: 55, outcome: 'failed', sqlState: '42601' }])
    await until(() => outcomes.length > 0)
    expect(outcomes).toEqual([{ reason: 'closed' }])
  })

  test('hears what another session notifies', async () => {
    const client = door.client()
    await client.connect()
    const heard = new Promise<string | undefined>((resolve) => client.once('notification', (n) => resolve(n.payload)))
    await client.query('listen news')
    await door.sql(`notify news, 'hello'`)
    expect(await heard).toBe('hello')
    await client.end()
  })

  test('does not get to see the password of the account, nor is it written down', async () => {
    const client = door.client()
    await client.connect()
    const { accountPassword } = await import('./test/open-door.ts')
    const seen = (
      await client.query(`select 'Only-the-vault-' || 'knows-this-1' as p, repeat('x', 100000) || 'Only-the-vault-' || 'knows-this-1' as q`)
    ).rows
    expect(JSON.stringify(seen)).not.toContain(accountPassword)
    expect(seen[0].p).toBe('*'.repeat(accountPassword.length))
    await expect(client.query(`do $$ begin raise exception '%', 'Only-the-vault-' || 'knows-this-1'; end $$`)).rejects.toThrow(/\*{27}/)
    await client.end()
    expect(JSON.stringify(door.session().ends)).not.toContain(accountPassword)
  })
})

describe('pgbench with eight clients', () => {
  test.each(['simple', 'extended', 'prepared'])('runs in %s mode, and each transaction is written down', async (mode) => {
    const env = connectionOf(door)
    const made = await run('pgbench', ['-i', '-q', '-s', '1'], env)
    expect(made.err).toMatch(/done/)
    const before = door.host.sessions.length
    const ran = await run('pgbench', ['-S', '-n', '-c', '8', '-j', '1', '-t', '200', '-M', mode], env)
    expect(ran.out).toMatch(/number of transactions actually processed: 1600\/1600/)
    expect(ran.out).toMatch(/number of failed transactions: 0/)
    const sessions = door.host.sessions.slice(before)
    await until(() => sessions.every((s) => s.outcomes.length > 0))
    const selects = sessions.flatMap((s) => s.statements).filter((s) => s.sql.startsWith('SELECT abalance'))
    expect(selects).toHaveLength(1600)
    const ends = sessions.flatMap((s) => s.ends)
    expect(ends.every((e) => e.outcome === 'ok')).toBe(true)
    expect(ends).toHaveLength(sessions.flatMap((s) => s.statements).length)
    if (mode !== 'simple') expect(selects[0]?.parameters).toHaveLength(1)
  })
})

describe('where policy looks at statements', () => {
  const say = 'Nothing is dropped or copied here. Ask an administrator.'
  beforeAll(async () => {
    await door.sql('create table keep (x int)')
    door.host.judgeQuery = async ({ sql, sure }) => {
      // policy is another process
      await new Promise((resolve) => setTimeout(resolve, 1))
      return sure && !/drop|copy/i.test(sql) ? ok(undefined) : fail({ code: 'session.act_refused', say })
    }
  })
  afterAll(() => {
    door.host.judgeQuery = undefined
  })
  const kept = async () => (await door.sql<{ n: number }>('select count(*)::int as n from keep'))[0]?.n
  const refusal = { code: '42501', message: say, severity: 'ERROR' }

  test('psql hears why, goes on, and what was refused is written down as it was asked', async () => {
    const ran = await psql(door, '\\set ON_ERROR_STOP off\nselect 41 + 1;\ndrop table keep;\ncopy keep to stdout;\nselect 43;\n')
    expect(ran.out).toBe('42\n43\n')
    expect(ran.err.split(`ERROR:  ${say}`)).toHaveLength(3)
    expect(await kept()).toBe(0)
    const session = door.session()
    await until(() => session.outcomes.length > 0)
    expect(session.statements.map(({ sql }) => sql)).toEqual(['select 41 + 1;', 'drop table keep;', 'copy keep to stdout;', 'select 43;'])
    expect(session.ends).toMatchObject([
      { n: 1, outcome: 'ok' },
      { n: 2, outcome: 'failed', sqlState: '42501', message: say },
      { n: 3, outcome: 'failed', sqlState: '42501', message: say },
      { n: 4, outcome: 'ok' },
    ])
  })

  test('a transaction fails with it, as with any error', async () => {
    const ran = await psql(
      door,
      '\\set ON_ERROR_STOP off\nbegin;\ninsert into keep values (1);\ndrop table keep;\nselect 1;\ncommit;\nselect 44;\n',
    )
    expect(ran.err).toContain('current transaction is aborted')
    expect(ran.out).toBe('44\n')
    expect(await kept()).toBe(0)
  })

  test('several statements in one text are refused together, prepared ones where they are prepared', async () => {
    const client = door.client()
    await client.connect()
    try {
      await expect(client.query('insert into keep values (1); drop table keep')).rejects.toMatchObject(refusal)
      await expect(client.query({ name: 'gone', text: 'drop table keep' })).rejects.toMatchObject(refusal)
      await expect(client.query('select $1::text as drop', ['x'])).rejects.toMatchObject(refusal)
      expect((await client.query({ name: 'gone', text: 'select $1::int as n', values: [7] })).rows).toEqual([{ n: 7 }])
      expect((await client.query({ name: 'gone', text: 'select $1::int as n', values: [8] })).rows).toEqual([{ n: 8 }])
      expect(await kept()).toBe(0)
    } finally {
      await client.end()
    }
  })

  test('a pipeline fails up to its Sync, is undone, and the next one is carried', async () => {
    const client = door.client()
    await client.connect()
    const pipeline = (...texts: string[]) =>
      new Promise<string[]>((resolve) => {
        const said: string[] = []
        const query = {
          submit(connection: pg.Connection) {
            for (const text of texts) {
              connection.parse({ name: '', text, types: [] } as never, true)
              connection.bind({} as never, true)
              connection.execute({} as never, true)
            }
            connection.sync()
          },
          handleCommandComplete: ({ text }: { text: string }) => void said.push(text),
          handleDataRow: () => void said.push('row'),
          // behind an error the client calls nothing more
          handleError: ({ code }: { code: string }) => resolve([...said, code]),
          handleReadyForQuery: () => resolve(said),
        }
        client.query(query as never)
      })
    try {
      expect(await pipeline('insert into keep values (1)', 'drop table keep', 'insert into keep values (2)')).toEqual([
        'INSERT 0 1',
        '42501',
      ])
      expect(await kept()).toBe(0)
      expect(await pipeline('insert into keep values (3)', 'select 1')).toEqual(['INSERT 0 1', 'row', 'SELECT 1'])
      expect(await kept()).toBe(1)
    } finally {
      await client.end()
    }
    await until(() => door.session().outcomes.length > 0)
    const { statements, ends } = door.session()
    expect(statements.find(({ sql }) => sql === 'drop table keep')).toMatchObject({ via: 'extended' })
    // what was refused, and besides what was not run for it
    expect(ends.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed', 'ok', 'ok'])
  })

  test('a text with backslashes is not read while what they mean may change, and nothing of it slips through', async () => {
    const client = door.client()
    await client.connect()
    try {
      await client.query('set standard_conforming_strings = off')
      // to the server two statements, to a parser that trusts the default one
      await expect(client.query("select 'a\\'' ; insert into keep values (9); -- '")).rejects.toMatchObject(refusal)
      await client.query('set standard_conforming_strings = on')
      expect((await client.query("select 'a\\' as x")).rows).toEqual([{ x: 'a\\' }])
      expect(await kept()).toBe(1)
    } finally {
      await client.end()
    }
  })
})

describe('where policy has results kept', () => {
  beforeAll(async () => {
    await door.sql(
      "create table people (id int, name text, born date); insert into people values (1, 'Ünal', '1970-01-02'), (2, null, null)",
    )
    door.host.keepResults = { statementBytes: 4096, sessionBytes: 65_536 }
  })
  afterAll(() => {
    door.host.keepResults = undefined
  })
  const columns = (n: number, ...named: [name: string, type: string][]) => ({
    n,
    part: { columns: named.map(([name, type]) => ({ name, type })) },
  })
  const row = (n: number, ...values: (string | null)[]) => ({ n, part: { row: values } })
  const settled = async () => {
    const session = door.session()
    await until(() => session.outcomes.length > 0)
    return session
  }

  test('psql: the rows of each statement, and of what changes and returns; of COPY none', async () => {
    const ran = await psql(
      door,
      "select * from people order by id;\ncopy people to stdout;\ninsert into people values (3, 'Bo', null) returning id;\nselect 1 as a \\; select 2 as b;\ndelete from people where id = 3;\n",
    )
    expect(ran.err).not.toContain('ERROR')
    expect(ran.out).toContain('Ünal')
    const { results, ends } = await settled()
    expect(results).toEqual([
      columns(1, ['id', 'int4'], ['name', 'text'], ['born', 'date']),
      row(1, '1', 'Ünal', '1970-01-02'),
      row(1, '2', null, null),
      columns(3, ['id', 'int4']),
      row(3, '3'),
      columns(4, ['a', 'int4']),
      row(4, '1'),
      columns(4, ['b', 'int4']),
      row(4, '2'),
    ])
    expect(ends[1]).toMatchObject({ tag: 'COPY 2', rows: 2 })
  })

  test('psql: a million rows and a cell of 200 MB pass whole; kept is what the limits let, whole rows from the first one on', async () => {
    const ran = await psql(
      door,
      "\\o /dev/null\nselect i, repeat('x', 50) as pad from generate_series(1, 1000000) i;\nselect 'before' as c union all select repeat('y', 200000000) union all select 'behind';\n\\o\nselect 'still here';\n",
    )
    expect(ran).toMatchObject({ out: 'still here\n', err: expect.not.stringContaining('ERROR') })
    const { results, ends } = await settled()
    expect(ends).toMatchObject([{ rows: 1_000_000 }, { rows: 3, bytes: expect.any(Number) }, { rows: 1 }])
    expect(ends[1]?.bytes).toBeGreaterThan(200_000_000)
    const rowsOf = (n: number) => results.flatMap((r) => (r.n === n && r.part && 'row' in r.part ? [r.part.row] : []))
    expect(rowsOf(1).map(([i]) => Number(i))).toEqual(Array.from({ length: rowsOf(1).length }, (_, i) => i + 1))
    expect(rowsOf(1).length).toBeGreaterThan(30)
    expect(rowsOf(1).length).toBeLessThan(4096 / 50)
    expect(rowsOf(2)).toEqual([['before']])
    expect(rowsOf(3)).toEqual([['still here']])
  })

  test('node-postgres: binary rows of a statement that is prepared once, as PostgreSQL prints them', async () => {
    const client = door.client()
    await client.connect()
    const named = { name: 'person', text: 'select id, name, born from people where id = $1', binary: true }
    for (const id of [1, 2]) expect((await client.query({ ...named, values: [id] })).rows).toHaveLength(1)
    await client.end()
    const as = [['id', 'int4'] as const, ['name', 'text'] as const, ['born', 'date'] as const].map(([name, type]): [string, string] => [
      name,
      type,
    ])
    expect((await settled()).results).toEqual([
      columns(1, ...as),
      row(1, '1', 'Ünal', '1970-01-02'),
      columns(2, ...as),
      row(2, '2', null, null),
    ])
  })

  test('a driver that asks once what a statement gives, before it is bound, and wants it in binary form', async () => {
    const client = door.client()
    await client.connect()
    const sends = (what: (connection: pg.Connection) => void) =>
      new Promise<void>((resolve, reject) => {
        const query = {
          submit(connection: pg.Connection) {
            what(connection)
            connection.sync()
          },
          ...{ handleRowDescription: () => {}, handleDataRow: () => {}, handleCommandComplete: () => {} },
          ...{ handleError: reject, handleReadyForQuery: () => resolve() },
        }
        client.query(query as never)
      })
    await sends((connection) => {
      connection.parse({ name: 'once', text: 'select $1::int8 as big, true as yes', types: [] } as never, true)
      connection.describe({ type: 'S', name: 'once' } as never, true)
    })
    for (const value of ['7', '8'])
      await sends((connection) => {
        connection.bind({ statement: 'once', values: [value], binary: true } as never, true)
        connection.execute({} as never, true)
      })
    await client.end()
    expect((await settled()).results).toEqual([
      columns(1, ['big', 'int8'], ['yes', 'bool']),
      row(1, '7', 't'),
      columns(2, ['big', 'int8'], ['yes', 'bool']),
      row(2, '8', 't'),
    ])
  })

  test('where it says nothing, none', async () => {
    door.host.keepResults = undefined
    expect((await psql(door, 'select * from people;')).out).toContain('Ünal')
    expect((await settled()).results).toEqual([])
  })
})
