import { sql } from 'kysely'
import type { EntryId, RecordingId, SessionId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface DestructionRow {
  id: string
  recording_id: RecordingId
  session_id: SessionId
  class: string
  kept_until: Date
  at: Date
  state: 'ordered' | 'withdrawn'
  revision: number
  intent: EntryId | null
}

export async function recordingOfSession(tx: Tx, session: string): Promise<{ id: RecordingId; bytes: number } | undefined> {
  const row = await tx.selectFrom('recording').select(['id', 'bytes']).where('session_id', '=', session).forUpdate().executeTakeFirst()
  return row && { id: row.id as RecordingId, bytes: Number(row.bytes) }
}

export async function lockDestruction(tx: Tx, id: string): Promise<DestructionRow | undefined> {
  const columns = ['id', 'recording_id', 'session_id', 'class', 'kept_until', 'at', 'state', 'revision', 'intent'] as const
  return (await tx.selectFrom('recording_destruction').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | DestructionRow
    | undefined
}

export async function putDestruction(tx: Tx, row: Omit<DestructionRow, 'intent'>, bytes: number, mac: Buffer): Promise<void> {
  const { id, recording_id, session_id, ...content } = { ...row, bytes, mac }
  await tx
    .insertInto('recording_destruction')
    .values({ id, recording_id, session_id, ...content, intent: null, keys_at: null, removed_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
    .execute()
}

export async function setIntent(tx: Tx, id: string, intent: EntryId): Promise<void> {
  await tx.updateTable('recording_destruction').set({ intent }).where('id', '=', id).execute()
}

/** True for whoever is first. */
export async function setKeysGone(tx: Tx, id: string, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('recording_destruction')
    .set({ keys_at: at })
    .where('id', '=', id)
    .where('keys_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export async function setRemoved(tx: Tx, id: string, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('recording_destruction')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Ordered, and their keys may still be there. */
export async function withKeys(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recording_destruction')
    .select('id')
    .where('state', '=', 'ordered')
    .where('keys_at', 'is', null)
    .where('removed_at', 'is', null)
    .orderBy('at')
    .limit(limit)
    .execute()
  return rows.map((r) => r.id)
}

export interface LeftFile {
  id: string
  recording: RecordingId
  session: SessionId
  intent: EntryId | null
  node: string | null
}

/** Their keys are gone, and their files may still be there; behind this one. */
export async function withFiles(db: Db, after: string, limit: number): Promise<LeftFile[]> {
  const rows = await db
    .selectFrom('recording_destruction as d')
    .innerJoin('session as s', 's.id', 'd.session_id')
    .select(['d.id', 'd.recording_id', 'd.session_id', 'd.intent', 's.node'])
    .where('d.state', '=', 'ordered')
    .where('d.removed_at', 'is', null)
    .where('d.keys_at', 'is not', null)
    .where('d.id', '>', after)
    .orderBy('d.id')
    .limit(limit)
    .execute()
  return rows.map((r) => ({
    id: r.id,
    recording: r.recording_id as RecordingId,
    session: r.session_id as SessionId,
    intent: r.intent as EntryId | null,
    node: r.node,
  }))
}

/** How many are destroyed, and of how many the file still lies somewhere. */
export async function countDestroyed(db: Db): Promise<{ recordings: number; filesLeft: number; bytes: number }> {
  const row = await db
    .selectFrom('recording_destruction')
    .select([
      sql<string>`count(*) filter (where keys_at is not null)`.as('destroyed'),
      sql<string>`count(*) filter (where keys_at is not null and removed_at is null)`.as('left'),
      sql<string>`coalesce(sum(bytes) filter (where removed_at is not null), 0)`.as('bytes'),
    ])
    .where('state', '=', 'ordered')
    .executeTakeFirstOrThrow()
  return { recordings: Number(row.destroyed), filesLeft: Number(row.left), bytes: Number(row.bytes) }
}

export async function fileRemovedAt(db: Db, id: string): Promise<Date | null> {
  const row = await db.selectFrom('recording_destruction').select('removed_at').where('id', '=', id).executeTakeFirst()
  return row?.removed_at ?? null
}
