import type pg from 'pg'
import type { WrittenEntry } from './entry.ts'

export interface StoredEntry {
  id: string
  place: number
  bytes: Buffer
  origin: string
  tag: Buffer
}

/** Reads the entries that have a place, in order, a page at a time. */
export async function* readEntries(pool: pg.Pool, from: number, upTo = Number.MAX_SAFE_INTEGER): AsyncGenerator<StoredEntry> {
  let next = from
  while (next <= upTo) {
    const { rows } = await pool.query<StoredEntry>(
      'select e.id, e.place, e.bytes, e.origin, e.tag from ledger_entry e where e.place >= $1 and e.place <= $2 order by e.place limit 2000',
      [next, upTo],
    )
    if (rows.length === 0) return
    yield* rows
    next = (rows.at(-1)?.place ?? next) + 1
  }
}

/** Adds an entry of the keeper's own: alarms about what it was shown. It gets its place like every other. */
export async function insertEntry(pool: pg.Pool, id: string, entry: WrittenEntry, origin: string, tag: Buffer): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await insertEntryIn(client, id, entry, origin, tag)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** The same inside somebody's transaction: an act and its entry are one. */
export async function insertEntryIn(client: pg.PoolClient, id: string, entry: WrittenEntry, origin: string, tag: Buffer): Promise<void> {
  const { rowCount } = await client.query(
    'insert into ledger_entry (id, bytes, origin, tag) values ($1, $2, $3, $4) on conflict (id) do nothing',
    [id, entry.bytes, origin, tag],
  )
  // what was noted while sealed can come twice after a crash
  if (rowCount === 0) return
  for (const { field, value, salt } of entry.personal)
    await client.query('insert into ledger_personal (entry_id, field, value, salt) values ($1, $2, $3, $4)', [id, field, value, salt])
}

/** The newest checkpoints that the database holds, newest first; who takes one looks at its signature. */
export async function newestCheckpoints(pool: pg.Pool): Promise<string[]> {
  return (await pool.query<{ note: string }>('select note from ledger_checkpoint order by epoch desc, size desc limit 20')).rows.map(
    (r) => r.note,
  )
}

/** Whether any entry has a place. */
export async function hasPlaced(pool: pg.Pool): Promise<boolean> {
  return (await pool.query('select 1 from ledger_entry where place is not null limit 1')).rows.length > 0
}
