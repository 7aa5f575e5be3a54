import type { AnswerOf, policy as api } from '@claviger/api'
import { changeWaitsDays } from '../../../keeper/facts/policy-change.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import './tables.ts'

const dayMs = 24 * 3600 * 1000
const shown = 100

/** Changes of policies, newest first; those that wait at the top. */
export async function showChanges(db: Db, now: Date): Promise<AnswerOf<typeof api.policyChanges>> {
  const rows = await db
    .selectFrom('policy_change as c')
    .innerJoin('person as p', 'p.id', 'c.proposed_by')
    .leftJoin('person as d', 'd.id', 'c.decided_by')
    .select(['c.id', 'c.changes', 'c.reason', 'c.state', 'c.proposed_at', 'c.decided_at', 'p.name as proposedBy', 'd.name as decidedBy'])
    .orderBy((of) => of.case().when('c.state', '=', 'proposed').then(0).else(1).end())
    .orderBy('c.proposed_at', 'desc')
    .limit(shown)
    .execute()
  const changes = rows.map((row) => {
    const expires = new Date(row.proposed_at.getTime() + changeWaitsDays * dayMs)
    return {
      ...{ id: row.id, reason: row.reason, proposedBy: row.proposedBy, decidedBy: row.decidedBy },
      state: row.state === 'proposed' && expires < now ? ('expired' as const) : row.state,
      proposedAt: row.proposed_at.toISOString(),
      expiresAt: expires.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
      edits: row.changes.map(({ name, text, state, was }) => ({ name, before: was, after: state === 'active' ? text : null })),
    }
  })
  return { changes }
}
