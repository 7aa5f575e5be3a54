import { sql } from 'kysely'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface Try {
  /** How many were made, this one included. */
  made: number
  /** Set when this was the last one allowed, or none was left. */
  lockedUntil: Date | null
  allowed: boolean
}

/**
 * Takes one try before it is known whether it is right, so that many at once cannot have more than their number. The last one
 * allowed locks at once; being right gives it back.
 */
export async function takeTry(tx: Tx, key: string, at: { now: Date; limit: number; lockMs: number }): Promise<Try> {
  const { now, limit } = at
  const until = new Date(now.getTime() + at.lockMs)
  const forgotten = new Date(now.getTime() - at.lockMs)
  const made = sql<number>`case when f.locked_until is not null or f.last_at < ${forgotten} then 1 else f.failures + 1 end`
  const taken = await sql<{ failures: number; locked_until: Date | null }>`
    insert into sign_in_failures as f (name, failures, locked_until, last_at) values (${key}, 1, null, ${now})
    on conflict (name) do update set failures = ${made}, last_at = ${now},
      locked_until = case when ${made} >= ${limit}::int then ${until}::timestamptz end
    where f.locked_until is null or f.locked_until <= ${now}
    returning failures, locked_until`.execute(tx)
  const row = taken.rows[0]
  if (row) return { made: row.failures, lockedUntil: row.locked_until, allowed: true }
  const locked = await tx.selectFrom('sign_in_failures').select(['failures', 'locked_until']).where('name', '=', key).executeTakeFirst()
  return { made: locked?.failures ?? limit, lockedUntil: locked?.locked_until ?? until, allowed: false }
}

/** It was right: the name begins again at none. */
export async function forgetTries(tx: Tx, key: string): Promise<void> {
  await tx.updateTable('sign_in_failures').set({ failures: 0, locked_until: null }).where('name', '=', key).execute()
}

/** It was right: this one does not count, those before it do. */
export async function giveTryBack(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable('sign_in_failures')
    .set({ failures: sql`greatest(failures - 1, 0)`, locked_until: null })
    .where('name', '=', key)
    .execute()
}
