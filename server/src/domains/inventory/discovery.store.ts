import { sql } from 'kysely'
import type { TargetId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

/**
 * Targets at which nobody looked for so long, those first that wait longest. Up to a quarter earlier than it has to be, the same for a target for ever: what was added in one night is not looked at in one night.
 */
export async function toDiscover(
  db: Db,
  { at, everyMs, but }: { at: Date; everyMs: number; but: readonly TargetId[] },
  limit: number,
): Promise<TargetId[]> {
  const spread = sql<number>`(('x' || substr(md5(id), 1, 8))::bit(32)::bigint / 4294967296.0)`
  const rows = await db
    .selectFrom('target')
    .select('id')
    // nobody manages one that is not reached
    .where('manager', '<>', '')
    .where(
      sql<boolean>`coalesce(last_discovery, created_at) + (${everyMs}::float8 * (1 - ${spread} / 4)) * interval '1 millisecond' <= ${at}::timestamptz`,
    )
    .where(sql<boolean>`not id = any(${but}::text[])`)
    .orderBy(sql`coalesce(last_discovery, created_at)`)
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id as TargetId)
}
