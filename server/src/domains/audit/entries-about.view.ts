import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import type { EntryRow } from './audit.view.ts'
import './tables.ts'

/**
 * Entries of these acts, of this origin where one is given, that name an id, in the order of the log; the newest where there are more than `limit`. Reads what names the id, however long the
 * log is. Finds what the index has: whoever asks lets it catch up first.
 */
export async function entriesAbout(
  db: Db,
  { id, acts, origin, limit }: { id: string; acts: readonly string[]; origin?: string; limit: number },
): Promise<EntryRow[]> {
  // what names the id first, or the planner walks backwards through everything of these acts
  const { rows } = await sql<{ place: number }>`
    with named as materialized (select place, also, act from ledger_index where words @> ${[id]}::text[])
    select e.place from named, unnest(array_append(also, named.place)) as e(place)
    where act = any(${acts}::text[]) order by e.place desc limit ${limit}`.execute(db)
  if (rows.length === 0) return []
  const entries = db
    .selectFrom('ledger_entry')
    .select(['id', 'place', 'bytes'])
    .where(sql<boolean>`place = any(${rows.map(({ place }) => place)}::bigint[])`)
    .orderBy('place')
  return await (origin === undefined ? entries : entries.where('origin', '=', origin)).execute()
}
