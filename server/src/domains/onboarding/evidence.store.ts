import { sql } from 'kysely'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { SeenLogin } from '../../targets/contract.ts'
import './tables.ts'

/** Targets with observed accounts, and those with accounts for emergencies, at which nobody looked since then. */
export async function toWatch(db: Db, since: { observed: Date; breakGlass: Date }, limit: number): Promise<TargetId[]> {
  const { rows } = await sql<{ id: TargetId }>`
    select t.id from target t join account a on a.target_id = t.id and a.gone_at is null
      left join lateral (select max(l.at) as at from login_look l where l.target_id = t.id) looked on true
    where (a.observed_since is not null and coalesce(looked.at <= ${since.observed}, true))
      or (a.break_glass and coalesce(looked.at <= ${since.breakGlass}, true))
    group by t.id order by t.id limit ${limit}`.execute(db)
  return rows.map((r) => r.id)
}

const keptMs = 30 * 24 * 3_600_000

/** What was seen at one look, of observed accounts alone. `looked` false: that somebody tried and saw nothing, so that it waits its time. */
export async function putLook(tx: Tx, target: TargetId, at: Date, seen: readonly SeenLogin[] | undefined): Promise<void> {
  await tx
    .insertInto('login_look')
    .values({ target_id: target, at, saw: seen !== undefined })
    .onConflict((c) => c.columns(['target_id', 'at']).doNothing())
    .execute()
  // what counts is the last week
  await sql`delete from login_look where target_id = ${target} and at < ${new Date(at.getTime() - keptMs)}`.execute(tx)
  if (!seen || seen.length === 0) return
  await sql`
    insert into login_seen (account_id, address, program, first_seen, last_seen)
    select a.id, s.address, s.program, min(s.began), max(case when s.still then ${at}::timestamptz else s.began end)
    from (select l.*, ${at}::timestamptz - l."agoMs" * interval '1 millisecond' as began
          from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
            as l(account text, address text, program text, "agoMs" float8, still boolean)) s
      join account a on a.target_id = ${target} and a.name = s.account and a.observed_since is not null
    group by a.id, s.address, s.program
    on conflict (account_id, address, program) do update set
      first_seen = least(login_seen.first_seen, excluded.first_seen), last_seen = greatest(login_seen.last_seen, excluded.last_seen)`.execute(
    tx,
  )
}

export interface Observed {
  account: AccountId
  since: Date
  days: number
  seen: string[]
  told: string[]
}

/** Accounts that were observed for long enough, with what is known of their logins since. */
export async function observedBefore(db: Db, before: Date, from: Date): Promise<Observed[]> {
  const { rows } = await sql<Observed>`
    select a.id as account, a.observed_since as since,
      (select count(distinct date_trunc('day', l.at at time zone 'UTC'))::int from login_look l
       where l.target_id = a.target_id and l.saw and l.at > ${from}) as days,
      coalesce((select array_agg(distinct s.address) from login_seen s where s.account_id = a.id and s.last_seen >= a.observed_since), '{}') as seen,
      coalesce((select array_agg(distinct h.settings->>'host') from dependent d join target h on h.id = d.host_id
                where d.account_id = a.id and d.state = 'active'), '{}') as told
    from account a
    where a.observed_since <= ${before} and a.gone_at is null
    limit 500`.execute(db)
  return rows
}
