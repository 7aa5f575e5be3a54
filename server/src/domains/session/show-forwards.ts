import type { AnswerOf, session as api } from '@claviger/api'
import type { SessionId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { forwardsOf } from './forward.store.ts'

/** One page of the connections that a session carried. */
export async function showForwards(
  db: Db,
  session: SessionId,
  { after, limit }: { after: number; limit: number },
): Promise<AnswerOf<typeof api.sessionForwards>> {
  const rows = await db.transaction().execute((tx) => forwardsOf(tx, session, { after, limit }))
  const forwards = rows.map(({ n, direction, host, port, source: from, opened_at, ended_at, sent, received, outcome, message }) => ({
    ...{ n, direction, host, port, from, openedAt: opened_at.toISOString(), endedAt: ended_at?.toISOString() ?? null },
    ...{ sent: sent === null ? null : Number(sent), received: received === null ? null : Number(received), outcome, message },
  }))
  return { forwards, next: rows.length === limit ? (rows.at(-1)?.n ?? null) : null }
}
