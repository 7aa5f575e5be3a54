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
    await client.query('insert into ledger_entry (id, bytes, origin, tag) values ($1, $2, $3, $4)', [id, entry.bytes, origin, tag])
    for (const { field, value, salt } of entry.personal)
      await client.query('insert into ledger_personal (entry_id, field, value, salt) values ($1, $2, $3, $4)', [id, field, value, salt])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
