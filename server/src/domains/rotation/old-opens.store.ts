import { sql } from 'kysely'
import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/**
 * For whom a replaced credential of an account may still open its target: nobody; anybody who knows the one before; or, of these, somebody who gave
 * the account back knowing that very one.
 */
export async function oldOpensFor(tx: Tx, account: AccountId, at: Date): Promise<'nobody' | 'anybody' | 'holder'> {
  const { rows } = await sql<{ holder: boolean }>`
    select coalesce((h.seen->>l.credential)::int, 0) > 0
        and (select count(*) from rotation r where r.account_id = l.account_id and r.credential = l.credential and r.state = 'done'
               and r.version > (h.seen->>l.credential)::int) = 1 as holder
    from (select distinct on (credential) account_id, credential, state, old_valid_until, old_refused_at from rotation
          where account_id = ${account} order by credential, started_at desc) l
      left join holding h on h.account_id = l.account_id and h.state = 'returned'
    where l.state = 'done' and l.old_valid_until > ${at} and l.old_refused_at is null`.execute(tx)
  if (rows.length === 0) return 'nobody'
  return rows.some((r) => r.holder) ? 'holder' : 'anybody'
}
