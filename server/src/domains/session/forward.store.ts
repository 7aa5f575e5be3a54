import type { SessionId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface ForwardRow {
  session_id: SessionId
  n: number
  direction: 'local' | 'remote'
  host: string
  port: number
  source: string
  opened_at: Date
}
export interface ForwardEnd {
  ended_at: Date
  sent: number
  received: number
  outcome: 'closed' | 'failed' | 'cut'
  message: string | null
}

export async function insertForward(tx: Tx, row: ForwardRow): Promise<void> {
  await tx.insertInto('session_forward').values(row).execute()
}

export async function endForward(tx: Tx, session: SessionId, n: number, end: ForwardEnd): Promise<void> {
  await tx.updateTable('session_forward').set(end).where('session_id', '=', session).where('n', '=', n).execute()
}

/** Those of a session with a higher `n`, oldest first. */
export async function forwardsOf(tx: Tx, session: SessionId, { after, limit }: { after: number; limit: number }) {
  return await tx
    .selectFrom('session_forward')
    .selectAll()
    .where('session_id', '=', session)
    .where('n', '>', after)
    .orderBy('n')
    .limit(limit)
    .execute()
}
