import type { Keeper } from '../../keeper/client.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { RunningSessions } from './running-sessions.ts'
import { grantNow } from './session.store.ts'

/**
 * Takes over what became of a grant under which sessions run here: where it is over they end, on the database's word; where it
 * was given more time they last longer, on the keeper's word alone.
 */
export async function followGrant(
  { db, keeper, running }: { db: Db; keeper: Keeper; running: RunningSessions },
  grant: string,
): Promise<void> {
  const found = await db.transaction().execute((tx) => grantNow(tx, grant))
  const sessions = running.of(grant)
  if (found?.state !== 'active') {
    for (const session of sessions) session.cut('grant_ended')
    return
  }
  if (!sessions.some((session) => found.endsAt > session.endsAt)) return
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'access_grant', id: grant }] })
  if (!vouched.ok) throw new Error(vouched.error.message)
  const [row] = vouched.value.rows as { ends_at?: unknown; state?: unknown }[]
  if (row?.state !== 'active') return
  for (const session of sessions) session.extend(new Date(String(row.ends_at)))
}
