import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Db, openDb, openPool } from '../../platform/db/open-db.ts'
import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import { openDatabase } from '../identity/test/database.ts'
import { createLedgerIndex } from './ledger-index.ts'
import { proveConsistency, proveInclusion } from './prove.ts'
import { alarmsPerDay, searchLedger, searchQuery } from './search-ledger.view.ts'

/*
 * A log of a hundred thousand entries, written by the owner of the tables: neither keeper nor sequencer is needed to look at it.
 */
const many = 100_000
const alice = 'per_aaaaaaaaaa'
let database: Awaited<ReturnType<typeof openDatabase>>
let pool: pg.Pool
let db: Db
let owner: pg.Client
beforeAll(async () => {
  database = await openDatabase()
  owner = new pg.Client(database.connection('owner'))
  await owner.connect()
  await owner.query(
    `insert into ledger_entry (id, place, bytes, origin, tag)
     select e.id, i, convert_to(json_build_object('v', 1, 'id', e.id, 'at', to_char(timestamp '2026-01-01' + i * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       'act', case when i % 9973 = 0 then 'alarm.forged_row' when i % 2 = 0 then 'session.head' else 'access.requested' end, 'phase', 'done',
       'by', case when i % 5000 = 0 then $2 else null end, 'fields', json_build_object('account', 'acc_' || lpad((i % 700)::text, 10, '0'), 'why', 'entry number ' || i),
       'committed', json_build_object(), 'attests', json_build_array(), 'intent', null)::text, 'UTF8'), 'test', '\\x00'
     from generate_series(1, $1) i, lateral (select 'ent_' || lpad(i::text, 10, '0') as id) e`,
    [many, alice],
  )
  pool = openPool(database.connection('server'), 4)
  db = openDb(pool)
  await createLedgerIndex(db).catchUp()
  await owner.query('analyze ledger_index')
}, 300_000)
afterAll(async () => {
  await owner?.end()
  await pool?.end()
  await database?.close()
})

interface Plan {
  'Node Type': string
  'Actual Rows': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

describe('searching a hundred thousand entries', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n))
  test.each<[string, Parameters<typeof searchQuery>[1], number]>([
    ['the newest', { limit: 50 }, 50],
    ['a page further down', { before: 50_000, limit: 50 }, 50],
    ['a frequent act', { act: 'access.', limit: 50 }, 50],
    ['a rare one', { act: 'alarm.', limit: 50 }, 10],
    ['who acted', { by: alice, limit: 50 }, 20],
    ['an id in the entry', { about: 'acc_0000000042', limit: 50 }, 50],
    ['a word', { text: 'Number 77777', limit: 50 }, 1],
    ['words that never stand together', { text: '77777 88888', limit: 50 }, 0],
    ['a day long ago', { from: day(3), to: day(4), limit: 50 }, 50],
    ['an act on a day', { act: 'access.', from: day(10), to: day(11), limit: 50 }, 50],
  ])('finds %s by an index, without reading the table', async (_what, filter, found) => {
    expect(await searchLedger(db, filter)).toHaveLength(found)
    const [row] = (await searchQuery(db, filter).explain('json', sql`analyze`)) as { 'QUERY PLAN': { Plan: Plan }[] }[]
    const all = nodes(row?.['QUERY PLAN'][0]?.Plan as Plan)
    expect(all.map((n) => n['Node Type'])).not.toContain('Seq Scan')
    const read = Math.max(...all.map((n) => n['Actual Rows'] + (n['Rows Removed by Filter'] ?? 0)))
    expect(read).toBeLessThan(5_000)
  })

  test('pages follow one another without a gap', async () => {
    const first = await searchLedger(db, { act: 'access.', limit: 3 })
    const second = await searchLedger(db, { act: 'access.', before: first.at(-1)?.place ?? 0, limit: 3 })
    expect([...first, ...second].map((e) => e.place)).toEqual([99_999, 99_997, 99_995, 99_993, 99_991, 99_989])
  })

  test('entries that say the same are found one by one: by their own ids, in pages without a gap, and counted', async () => {
    const at = new Date('2026-04-01T10:00:00Z')
    const entry = (n: number) => ({
      ...{ v: 1, id: `ent_same${String(n).padStart(6, '0')}`, at: at.toISOString(), act: n % 4 === 0 ? 'alarm.test' : 'access.read' },
      ...{ phase: 'done', by: 'per_bbbbbbbbbb', fields: { account: `acc_read00000${n % 2}` }, committed: {}, attests: [], intent: null },
    })
    const rows = Array.from({ length: 700 }, (_, n) => [entry(n).id, many + 1 + n, JSON.stringify(entry(n))])
    for (const row of rows)
      await owner.query(
        "insert into ledger_entry (id, place, bytes, origin, tag) values ($1, $2, convert_to($3, 'UTF8'), 'test', '\\x00')",
        row,
      )
    await Promise.all([createLedgerIndex(db).catchUp(), createLedgerIndex(db).catchUp()])
    expect((await pool.query('select 1 from ledger_index where place > $1', [many])).rowCount).toBeLessThan(40)

    const found: number[] = []
    for (let before = many + 701; ; before = found.at(-1) ?? 0) {
      const page = await searchLedger(db, { by: 'per_bbbbbbbbbb', act: 'access.', before, limit: 37 })
      found.push(...page.map((e) => e.place as number))
      if (page.length < 37) break
    }
    const reads = Array.from({ length: 700 }, (_, n) => 699 - n).filter((n) => n % 4 !== 0)
    expect(found).toEqual(reads.map((n) => many + 1 + n))
    expect((await searchLedger(db, { text: 'ent_same000123', limit: 5 })).map((e) => e.id)).toEqual(['ent_same000123'])
    expect((await searchLedger(db, { about: 'acc_read000001', limit: 3 })).map((e) => e.place)).toEqual([
      many + 700,
      many + 698,
      many + 696,
    ])
    expect(await alarmsPerDay(db, new Date('2026-03-31T00:00:00Z'))).toEqual([{ day: '2026-04-01', alarms: 175 }])
  })

  test('text of which nothing is a word finds nothing, and no sign is more than a sign', async () => {
    expect(await searchLedger(db, { text: '%', limit: 5 })).toEqual([])
    expect(await searchLedger(db, { act: '%', limit: 1 })).toHaveLength(1)
    expect(await searchLedger(db, { act: 'accessx', limit: 1 })).toEqual([])
  })
})

describe('proving one of a hundred thousand entries', () => {
  const bytesOf = async (place: number): Promise<Buffer> =>
    (await owner.query<{ bytes: Buffer }>('select bytes from ledger_entry where place = $1', [place])).rows[0]?.bytes ?? Buffer.alloc(0)

  test('leads to the root that a reader of everything computes, from few rows', async () => {
    const sizes = [1, 255, 256, 257, 65_535, 65_536, 65_537, many]
    const roots = new Map<number, Buffer>()
    const tree = new Frontier()
    for (const { bytes } of (await owner.query<{ bytes: Buffer }>('select bytes from ledger_entry order by place')).rows) {
      tree.append(leafHash(bytes))
      if (sizes.includes(tree.size)) roots.set(tree.size, tree.root())
    }
    for (const size of sizes)
      for (const place of [1, 2, 256, 257, 65_536, size].filter((p) => p <= size)) {
        const path = await proveInclusion(db, place, size, await bytesOf(place), roots.get(size) as Buffer)
        expect([place, size, path?.length]).toEqual([place, size, expect.any(Number)])
        expect(path?.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
      }
    expect(await proveInclusion(db, 7, many, await bytesOf(8), roots.get(many) as Buffer)).toBeUndefined()
    expect((await proveConsistency(db, 65_537, many)).length).toBeLessThan(35)
  })
})
