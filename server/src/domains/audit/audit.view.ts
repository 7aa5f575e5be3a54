import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface EntryRow {
  id: string
  place: number | null
  bytes: Buffer
}

export interface PersonalRow {
  entry_id: string
  field: string
  value: string
  salt: Buffer
}

export interface WholeEntry extends EntryRow {
  origin: string
}

export async function entryById(db: Db, id: string): Promise<WholeEntry | undefined> {
  return await db.selectFrom('ledger_entry').select(['id', 'place', 'bytes', 'origin']).where('id', '=', id).executeTakeFirst()
}

/** Signed checkpoints, the newest first; only those over at least `covering` entries, and below `before`. */
export async function newestCheckpoints(
  db: Db,
  { covering, before, limit }: { covering: number; before?: number | undefined; limit: number },
): Promise<{ size: number; note: string }[]> {
  let query = db.selectFrom('ledger_checkpoint').select(['size', 'note']).where('size', '>=', covering)
  if (before !== undefined) query = query.where('size', '<', before)
  return await query.orderBy('size', 'desc').limit(limit).execute()
}

export async function checkpointAt(db: Db, size: number): Promise<{ size: number; note: string } | undefined> {
  return await db.selectFrom('ledger_checkpoint').select(['size', 'note']).where('size', '=', size).executeTakeFirst()
}

export async function personalOf(db: Db, entries: readonly string[]): Promise<PersonalRow[]> {
  if (entries.length === 0) return []
  return await db.selectFrom('ledger_personal').selectAll().where('entry_id', 'in', entries).execute()
}

/** A page of the log in order, for the export. */
export async function entriesFrom(db: Db, first: number, last: number, limit: number): Promise<EntryRow[]> {
  return await db
    .selectFrom('ledger_entry')
    .select(['id', 'place', 'bytes'])
    .where('place', '>=', first)
    .where('place', '<=', last)
    .orderBy('place')
    .limit(limit)
    .execute()
}

export async function newestCheckpoint(db: Db): Promise<{ size: number; note: string } | undefined> {
  return await db.selectFrom('ledger_checkpoint').select(['size', 'note']).orderBy('size', 'desc').limit(1).executeTakeFirst()
}

export async function checkpointsBetween(db: Db, after: number, upTo: number): Promise<{ size: number; note: string }[]> {
  return await db
    .selectFrom('ledger_checkpoint')
    .select(['size', 'note'])
    .where('size', '>', after)
    .where('size', '<=', upTo)
    .orderBy('size')
    .execute()
}
