import { isDue, type Kept, retentionOf } from '../../keeper/facts/retention.ts'
import type { Keeping } from '../../keeper/facts/retention-rows.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { keptSessions, type RecordedSession } from './retention.view.ts'

const atOnce = 1_000
const monthMs = 28 * 86_400_000

/** Recordings whose period is over at this moment, oldest first. Read page by page; what is younger than the shortest period is not looked at. */
export async function* dueSessions(db: Db, keeping: Keeping, at: Date): AsyncGenerator<RecordedSession & { kept: Kept }> {
  const confirmed = keeping.classes.filter((c) => c.confirmed)
  if (confirmed.length === 0) return
  const shortest = Math.min(...confirmed.flatMap((c) => c.terms.map((t) => t.months)))
  const before = new Date(at.getTime() - shortest * monthMs)
  for (let after: { openedAt: Date; id: string } | undefined; ; ) {
    const page = await keptSessions(db, { before, after, limit: atOnce })
    for (const one of page) {
      const kept = retentionOf(one.session, keeping.classes, keeping.holds, keeping.closed)
      if (isDue(kept, at)) yield { ...one, kept }
    }
    const last = page.at(-1)
    if (!last || page.length < atOnce) return
    after = { openedAt: last.session.openedAt, id: last.session.id }
  }
}
