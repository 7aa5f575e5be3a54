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
  let query = standing(db).where('c.size', '>=', covering)
  if (before !== undefined) query = query.where('c.size', '<', before)
  return await query.orderBy('c.size', 'desc').limit(limit).execute()
}

export async function checkpointAt(db: Db, size: number): Promise<{ size: number; note: string } | undefined> {
  return await standing(db).where('c.size', '=', size).executeTakeFirst()
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
  return await db
    .selectFrom('ledger_checkpoint')
    .select(['size', 'note'])
    .orderBy('epoch', 'desc')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Checkpoints that stand: not those over entries that were lost before a later epoch began. */
const standing = (db: Db) =>
  db
    .selectFrom('ledger_checkpoint as c')
    .select(['c.size', 'c.note'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('ledger_checkpoint as later')
            .select('later.size')
            .whereRef('later.epoch', '>', 'c.epoch')
            .whereRef('later.size', '<=', 'c.size'),
        ),
      ),
    )

export async function checkpointsBetween(db: Db, after: number, upTo: number): Promise<{ size: number; note: string }[]> {
  return await standing(db).where('c.size', '>', after).where('c.size', '<=', upTo).orderBy('c.size').execute()
}
