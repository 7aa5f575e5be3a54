import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../ssh/test/until.ts'
import { type Door, openDoor } from './test/open-door.ts'
import { psql } from './test/psql.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(async () => {
  expect(door.errors).toEqual([])
  await door[Symbol.asyncDispose]()
})
const settled = () => until(() => door.session().outcomes.length > 0)

describe('what a person executes is recorded as it is executed', () => {
  test('behind any padding', async () => {
    await door.sql('create table padded (x int)')
    const sql = `select length('${'x'.repeat(5_000_000)}') \\; drop table padded;`
    const ran = await psql(door, sql)
    expect(ran.code).toBe(0)
    await settled()
    expect(await door.sql(`select 1 from pg_class where relname = 'padded'`)).toEqual([])
    const [statement] = door.session().statements
    expect(statement?.sql.endsWith('; drop table padded;')).toBe(true)
    expect(statement?.sql).toHaveLength(sql.length - 1)
  })

  test('in a value too, which a function may execute', async () => {
    const client = door.client()
    await client.connect()
    const value = `${' '.repeat(1_000_000)}select 42 as hidden`
    const { rows } = await client.query('select query_to_xml($1, false, false, $2) as x', [value, ''])
    expect(rows[0].x).toContain('<hidden>42</hidden>')
    await client.end()
    await settled()
    expect(door.session().statements[0]?.parameters[0] === value).toBe(true)
  })

  test('and what is longer than can be recorded is not executed', async () => {
    await door.sql('create table longest (x int)')
    const ran = await psql(door, `insert into longest select length('${'x'.repeat(17 * 1024 * 1024)}');`)
    expect(ran.err).toMatch(/at most 16 MiB long here, since each is recorded whole/)
    await settled()
    expect(door.session().outcomes).toEqual([{ reason: 'closed', detail: 'what came could not be recorded whole' }])
    expect(await door.sql('select * from longest')).toEqual([])
  })

  test('in whichever encoding the client chose', async () => {
    await door.sql('create table "Müller" (x int)')
    await door.sql('create table "顧客" (x int)')
    const hidden = Buffer.concat([
      Buffer.from('\\encoding LATIN1\ninsert into "M'),
      Buffer.from([0xfc]),
      Buffer.from('ller" values (1);\n\\encoding SJIS\ndrop table "'),
      Buffer.from('8cda8b71', 'hex'),
      Buffer.from('";\n'),
    ])
    const ran = await psql(door, hidden)
    expect(ran.err).not.toContain('ERROR')
    await settled()
    expect(await door.sql(`select 1 from pg_class where relname = '顧客'`)).toEqual([])
    const said = door.session().statements.map((s) => s.sql)
    expect(said).toContain('insert into "Müller" values (1);')
    expect(said).toContain('drop table "顧客";')
    expect(door.session().statements.every((s) => !s.escaped && !s.unsureEncoding)).toBe(true)
  })

  test('and as failed where a deferred constraint takes it back at the end', async () => {
    await door.sql('create table parent (id int primary key)')
    await door.sql('create table child (id int references parent deferrable initially deferred)')
    const client = door.client()
    await client.connect()
    await expect(client.query('insert into child values ($1)', [7])).rejects.toThrow(/foreign key/)
    await client.query('select 1 as fine where $1 = 1', [1])
    await client.end()
    await settled()
    expect(door.session().ends).toMatchObject([
      { n: 1, outcome: 'failed', sqlState: '23503', tag: 'INSERT 0 1', message: expect.stringMatching(/^taken back with its batch/) },
      { n: 2, outcome: 'ok', tag: 'SELECT 1' },
    ])
    expect(await door.sql('select * from child')).toEqual([])
  })
})
