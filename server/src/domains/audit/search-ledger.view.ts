import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import type { EntryRow } from './audit.view.ts'
import type { IndexedEntry } from './ledger-index.store.ts'
import './tables.ts'
import { entryId, longestStep } from './together.ts'
import { wordsIn } from './words.ts'

export interface LedgerFilter {
  /** Older than this place. */
  before?: number | undefined
  /** The act, or its beginning: `access.`, `alarm.`. */
  act?: string | undefined
  phase?: string | undefined
  by?: string | undefined
  /** An id that stands in a shown field. */
  about?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** Words that must all stand in shown fields. */
  text?: string | undefined
  limit: number
}

/** Places of entries, newest first. Each way of asking has its index, or walks the places backwards until there are enough. */
export function searchQuery(db: Db, filter: LedgerFilter) {
  const { before, act, phase, by, about, from, to, text, limit } = filter
  // an id stands in few entries: those first, or the planner walks backwards through all that do not name it
  const named = about
    ? sql<IndexedEntry>`
        (with named as materialized (select * from ledger_index where words @> ${[about]}::text[]) select * from named)`
    : sql<IndexedEntry>`ledger_index`
  let query = db.selectFrom(named.as('i')).select(['i.place', 'i.also'])
  // a line that ends further up may begin below
  const above = before === undefined ? 0 : longestStep
  if (before !== undefined) query = query.where('i.place', '<', before + above)
  // a beginning of letters, dots and underscores: `_` stands for itself here
  if (act) query = query.where('i.act', 'like', `${act.replaceAll(/[^a-z_.]/g, '').replaceAll('_', '\\_')}%`)
  if (phase) query = query.where('i.phase', '=', phase)
  if (by) query = query.where('i.by_id', '=', by)
  if (from) query = query.where('i.at', '>=', from)
  if (to) query = query.where('i.at', '<', to)
  const words = wordsIn(text ?? '').slice(0, 12)
  if (words.length > 0) query = query.where(sql<boolean>`i.words @> ${words}::text[]`)
  // each line has one entry at least, and it is the newest of its own: so many lines hold the newest entries
  const lines = query.orderBy('i.place', 'desc').limit(limit + above)
  let entries = db
    .selectFrom(lines.as('i'))
    .innerJoinLateral(sql<{ place: number }>`unnest(array_append(i.also, i.place))`.as<'e'>(sql`e(place)`), (join) => join.onTrue())
    .select('e.place')
  if (before !== undefined) entries = entries.where('e.place', '<', before)
  const own = [...words, ...(about ? [about] : [])].filter((word) => entryId.test(word))
  if (own.length > 0)
    entries = entries.where(sql<boolean>`(i.also is null or e.place in (select place from ledger_entry where id = any(${own}::text[])))`)
  return entries.orderBy('e.place', 'desc').limit(limit)
}

export async function searchLedger(db: Db, filter: LedgerFilter): Promise<EntryRow[]> {
  if (filter.text !== undefined && filter.text.trim() !== '' && wordsIn(filter.text).length === 0) return []
  const places = (await searchQuery(db, filter).execute()).map((r) => r.place)
  if (places.length === 0) return []
  return await db
    .selectFrom('ledger_entry')
    .select(['id', 'place', 'bytes'])
    .where('place', 'in', places)
    .orderBy('place', 'desc')
    .execute()
}

/** Alarms a day, the days without one left out; UTC. */
export async function alarmsPerDay(db: Db, since: Date): Promise<{ day: string; alarms: number }[]> {
  const rows = await db
    .selectFrom('ledger_index')
    .select([
      sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD')`.as('day'),
      sql<number>`sum(1 + coalesce(cardinality(also), 0))::int`.as('alarms'),
    ])
    .where('act', 'like', 'alarm.%')
    .where('at', '>=', since)
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute()
  return rows
}
