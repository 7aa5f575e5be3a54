import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/** Those of these recordings that nobody writes any more, as their sessions say; of one without a session nothing is known. */
export async function overRecordings(db: Db, recordings: readonly string[]): Promise<Set<string>> {
  const over = new Set<string>()
  for (let at = 0; at < recordings.length; at += 1000) {
    const rows = await db
      .selectFrom('recording as r')
      .innerJoin('session as s', 's.id', 'r.session_id')
      .select('r.id')
      .where('r.id', 'in', recordings.slice(at, at + 1000))
      .where('s.state', 'not in', ['opening', 'running'])
      .execute()
    for (const { id } of rows) over.add(id)
  }
  return over
}

/** False when that stands there already. Of a recording that was interrupted this is the first that is known of its size, but for how far it was at some time. */
export async function markStored(
  tx: Tx,
  recording: string,
  { place, bytes, at }: { place: string; bytes: number; at: Date },
): Promise<boolean> {
  const done = await tx
    .updateTable('recording')
    .set({ stored_in: place, stored_at: at, bytes: sql`case when manifest is null then ${bytes}::bigint else bytes end` })
    .where('id', '=', recording)
    .where('stored_in', 'is distinct from', place)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
