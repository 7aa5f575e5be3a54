import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../domains/identity/test/database.ts'
import { named } from './named-statements.ts'
import { type Db, openDb, openPool } from './open-db.ts'

let database: Awaited<ReturnType<typeof openDatabase>>
let pool: pg.Pool
let db: Db
beforeAll(async () => {
  database = await openDatabase()
  pool = openPool(database.connection('server'), 1)
  db = openDb(pool)
})
afterAll(async () => {
  await pool?.end()
  await database?.close()
})

const sum = async (a: number, b: number) =>
  (await sql<{ sum: number }>`${sql.raw(named('sum-of-two'))} select ${a}::int + ${b}::int as sum`.execute(db)).rows[0]?.sum
const prepared = async () =>
  (await pool.query<{ name: string }>('select name from pg_prepared_statements order by name')).rows.map((r) => r.name)

test('a statement with a name is prepared once, whoever asks it; what has none leaves nothing behind', async () => {
  expect([await sum(1, 2), await sum(3, 4)]).toEqual([3, 7])
  expect((await db.transaction().execute((tx) => sql<{ n: number }>`select ${5}::int as n`.execute(tx))).rows).toEqual([{ n: 5 }])
  expect(await prepared()).toEqual(['sum-of-two'])
})

test('a name that stands for two texts is refused, as pg refuses it', async () => {
  await sum(1, 2)
  await expect(sql`${sql.raw(named('sum-of-two'))} select 1`.execute(db)).rejects.toThrow(/must be unique/)
  expect(await sum(5, 6)).toBe(11)
})
