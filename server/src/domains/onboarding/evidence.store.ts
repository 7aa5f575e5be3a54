import { sql } from 'kysely'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { SeenLogin } from '../../targets/contract.ts'
import './tables.ts'

/** Targets with observed accounts at which nobody looked since then. */
export async function toWatch(db: Db, since: Date, limit: number): Promise<TargetId[]> {
  const { rows } = await sql<{ id: TargetId }>`
    select t.id from target t
    where exists (select 1 from account a where a.target_id = t.id and a.observed_since is not null and a.gone_at is null)
      and not exists (select 1 from login_look l where l.target_id = t.id and l.at > ${since})
    order by t.id limit ${limit}`.execute(db)
  return rows.map((r) => r.id)
}

/** What was seen at one look, of observed accounts alone. `looked` false: that somebody tried and saw nothing, so that it waits its time. */
export async function putLook(tx: Tx, target: TargetId, at: Date, seen: readonly SeenLogin[] | undefined): Promise<void> {
  await tx
    .insertInto('login_look')
    .values({ target_id: target, at, saw: seen !== undefined })
    .onConflict((c) => c.columns(['target_id', 'at']).doNothing())
    .execute()
  if (!seen || seen.length === 0) return
  await sql`
    insert into login_seen (account_id, address, program, first_seen, last_seen)
    select a.id, s.address, s.program, ${at}::timestamptz, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as s(account text, address text, program text)
      join account a on a.target_id = ${target} and a.name = s.account and a.observed_since is not null
    on conflict (account_id, address, program) do update set last_seen = excluded.last_seen`.execute(tx)
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
