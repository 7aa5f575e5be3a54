import { sql } from 'kysely'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface IndexedEntry {
  place: number
  /** Places of earlier entries that say the same (together.ts). */
  also: number[] | null
  at: Date
  act: string
  phase: string
  by_id: string | null
  words: string[]
  /** The same for all that were found to differ in nothing but their ids. Not stored. */
  like?: object
}

/** The place after which entries are not indexed yet. */
export async function lastIndexed(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('ledger_index')
    .select(({ fn }) => fn.max('place').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}

/** Entries with a place after `after`, in order. */
export async function placedAfter(tx: Tx, after: number, limit: number): Promise<{ place: number; bytes: Buffer }[]> {
  const rows = await tx
    .selectFrom('ledger_entry')
    .select(['place', 'bytes'])
    .where('place', '>', after)
    .orderBy('place')
    .limit(limit)
    .execute()
  return rows.map((r) => ({ place: r.place as number, bytes: r.bytes }))
}

/** Leaf hashes (RFC 6962, 2.1) of the entries after a place, in order. The database hashes them: the entries themselves need not travel for that. */
export async function leavesAfter(tx: Tx, after: number, limit: number): Promise<Buffer[]> {
  const { rows } = await sql<{ leaf: Buffer }>`
    select sha256('\\x00'::bytea || bytes) as leaf from ledger_entry where place > ${after} order by place limit ${limit}`.execute(tx)
  return rows.map(({ leaf }) => leaf)
}

/** Holds others back that want to add to the index, until this transaction ends: two would draw lines together differently. */
export async function indexAlone(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('claviger ledger index'))`.execute(tx)
}

export async function insertIndexed(tx: Tx, rows: readonly IndexedEntry[]): Promise<void> {
  if (rows.length === 0) return
  // one parameter: six for each row take as long to write down as all the rest. No word holds a space
  const all = rows.map(({ words, like: _, ...row }) => ({ ...row, words: words.join(' ') }))
  await sql`
    insert into ledger_index (place, also, at, act, phase, by_id, words)
    select e.place, e.also, e.at, e.act, e.phase, e.by_id, string_to_array(e.words, ' ')
    from json_to_recordset(${JSON.stringify(all)}::json) as e (place bigint, also bigint[], at timestamptz, act text, phase text, by_id text, words text)
    on conflict (place) do nothing`.execute(tx)
}

export interface Tile {
  level: number
  number: number
  root: Buffer
  leaves: Buffer | null
}

export async function insertTile(tx: Tx, tile: Tile): Promise<void> {
  await tx
    .insertInto('ledger_tile')
    .values(tile)
    .onConflict((c) => c.columns(['level', 'number']).doNothing())
    .execute()
}

/** Roots of `count` tiles of a level from `first` on; shorter when some are not there yet. */
export async function tileRoots(tx: Tx, level: number, first: number, count: number): Promise<Buffer[]> {
  const rows = await tx
    .selectFrom('ledger_tile')
    .select('root')
    .where('level', '=', level)
    .where('number', '>=', first)
    .where('number', '<', first + count)
    .orderBy('number')
    .execute()
  return rows.map((r) => r.root)
}

/** The 256 leaf hashes of one tile. */
export async function tileLeaves(tx: Tx, number: number): Promise<Buffer | undefined> {
  const row = await tx.selectFrom('ledger_tile').select('leaves').where('level', '=', 0).where('number', '=', number).executeTakeFirst()
  return row?.leaves ?? undefined
}

/** How many tiles of the lowest level there are: they are written in order. */
export async function tileCount(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('ledger_tile')
    .select(sql<number>`coalesce(max(number) + 1, 0)`.as('count'))
    .where('level', '=', 0)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
