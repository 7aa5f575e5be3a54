import { sql } from 'kysely'
import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/**
 * For whom a replaced credential of these accounts may still open their target: nobody, then the account is not in it; anybody who knows the one before;
 * or, of these, somebody who gave the account back knowing that very one.
 */
export async function oldOpensFor(
  tx: Tx,
  all: readonly { account: AccountId; at: Date }[],
): Promise<ReadonlyMap<AccountId, 'anybody' | 'holder'>> {
  const { rows } = await sql<{ account: AccountId; holder: boolean }>`
    select l.account_id as account, coalesce((h.seen->>l.credential)::int, 0) > 0
        and (select count(*) from rotation r where r.account_id = l.account_id and r.credential = l.credential and r.state = 'done'
               and r.version > (h.seen->>l.credential)::int) = 1 as holder
    from unnest(${all.map(({ account }) => account)}::text[], ${all.map(({ at }) => at)}::timestamptz[]) as a (account, at)
      cross join lateral (select distinct on (credential) account_id, credential, state, old_valid_until, old_refused_at from rotation
          where account_id = a.account order by credential, started_at desc) l
      left join holding h on h.account_id = l.account_id and h.state = 'returned'
    where l.state = 'done' and l.old_valid_until > a.at and l.old_refused_at is null`.execute(tx)
  const opens = new Map<AccountId, 'anybody' | 'holder'>()
  for (const { account, holder } of rows) if (holder || !opens.has(account)) opens.set(account, holder ? 'holder' : 'anybody')
  return opens
}
