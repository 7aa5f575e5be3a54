import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'

/** The kind of an account's target when nobody manages it, so that its credentials are brought in by people; undefined where we replace them. */
export async function keptByHand(tx: Tx, account: AccountId): Promise<string | undefined> {
  const row = await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('t.kind')
    .where('a.id', '=', account)
    .where('t.manager', '=', '')
    .executeTakeFirst()
  return row?.kind
}
