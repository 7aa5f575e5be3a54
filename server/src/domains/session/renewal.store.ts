import { sql } from 'kysely'
import type { RequestId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/** What the grant of a session came of, and how much of the time that there is at most it takes with everything before it. */
export interface AskedBefore {
  person: string
  running: boolean
  grant: string
  account: string
  target: string
  seconds: number
  reason: string
  itsmTicket: string | null
  usedSeconds: number
}

export async function askedBefore(tx: Tx, session: string): Promise<AskedBefore | undefined> {
  const row = await tx
    .selectFrom('session as s')
    .innerJoin('access_grant as g', 'g.id', 's.grant_id')
    .innerJoin('access_request as r', 'r.id', 'g.request_id')
    .innerJoin('account as a', 'a.id', 's.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['s.person_id', 's.state', 'g.id', 'r.seconds', 'r.reason', 'r.itsm_ticket', 'a.name as account', 't.name as target'])
    .select(
      // as the database itself counts it when the end moves
      sql<number>`(select extract(epoch from sum(case when o.id = g.id then g.ends_at - g.starts_at
        else greatest(least(coalesce(o.ended_at, o.ends_at), o.ends_at) - o.starts_at, interval '0') end))::float8
        from access_grant o where o.chain_id = g.chain_id)`.as('used'),
    )
    .where('s.id', '=', session)
    .executeTakeFirst()
  if (!row) return undefined
  const { person_id: person, state, id: grant, seconds, reason, itsm_ticket: itsmTicket, account, target, used } = row
  return { person, running: ['opening', 'running'].includes(state), grant, account, target, seconds, reason, itsmTicket, usedSeconds: used }
}

/** A request for more time under a grant that nobody has decided on yet. */
export async function lastRenewalWaiting(tx: Tx, grant: string): Promise<RequestId | undefined> {
  const row = await tx
    .selectFrom('access_request')
    .select('id')
    .where('extends_grant', '=', grant)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    // without approvals it is granted in a moment, or never
    .where(sql<boolean>`(obligations ->> 'approvals')::int > 0`)
    .limit(1)
    .executeTakeFirst()
  return row?.id as RequestId | undefined
}
