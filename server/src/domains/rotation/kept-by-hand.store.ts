import { type RawBuilder, sql } from 'kysely'
import { loginKinds } from '../../kernel/credential-kinds.ts'
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

/** Of `account a`: all that it logs in with is brought in, a certificate, so that there is nothing of it that we could make. */
export const onlyBroughtIn: RawBuilder<boolean> = sql<boolean>`(cardinality(a.credentials) > 0 and not a.credentials && ${[...loginKinds]}::text[])`

/** Whether nothing of an account is ours to replace: its target is not reached, or all that it logs in with is brought in. */
export async function isReplacedByHand(tx: Tx, account: AccountId): Promise<boolean> {
  const row = await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('a.id')
    .where('a.id', '=', account)
    .where((eb) => eb.or([eb('t.manager', '=', ''), onlyBroughtIn]))
    .executeTakeFirst()
  return row !== undefined
}
