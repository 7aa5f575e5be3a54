import type { unproven as api } from '@claviger/api'
import { sql } from 'kysely'
import { mostShowings } from '../../../keeper/facts/input-opening.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import './tables.ts'
import '../tables.ts'

const shown = 100

export async function sessionOfOpening(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('input_opening').select('session_id').where('id', '=', id).executeTakeFirst()
  return row?.session_id
}

/** Openings of what was typed unseen, newest first; those of one session, or all. */
export async function showOpenings(db: Db, now: Date, session?: string): Promise<api.InputOpening[]> {
  let query = db
    .selectFrom('input_opening as o')
    .innerJoin('session as s', 's.id', 'o.session_id')
    .innerJoin('account as a', 'a.id', 's.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .innerJoin('person as p', 'p.id', 'o.person_id')
    .innerJoin('person as r', 'r.id', 'o.requester_id')
    .leftJoin('person as q', 'q.id', 'o.approver_id')
    .select(['o.id', 'o.session_id', 'o.reason', 'o.state', 'o.asked_at', 'o.expires_at', 'o.approved_at', 'o.ends_at', 'o.shown'])
    .select(['p.name as person', 'r.name as requester', 'q.name as approver'])
    .select(sql<string>`a.name || '@' || t.name`.as('account'))
  if (session !== undefined) query = query.where('o.session_id', '=', session)
  const rows = await query.orderBy('o.asked_at', 'desc').orderBy('o.id', 'desc').limit(shown).execute()
  return rows.map((row) => {
    const over =
      row.state === 'waiting'
        ? row.expires_at <= now
        : row.state === 'approved' && ((row.ends_at ?? now) <= now || row.shown >= mostShowings)
    return {
      ...{ id: row.id, session: row.session_id, person: row.person, account: row.account, reason: row.reason },
      ...{ state: over ? ('over' as const) : row.state, askedBy: row.requester, askedAt: row.asked_at.toISOString() },
      ...{ expiresAt: row.expires_at.toISOString(), approvedBy: row.approver, approvedAt: row.approved_at?.toISOString() ?? null },
      ...{ endsAt: row.ends_at?.toISOString() ?? null, looks: row.shown, mostLooks: mostShowings },
    }
  })
}
