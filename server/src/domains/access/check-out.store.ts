import { sql } from 'kysely'
import { holdingOf } from '../../keeper/facts/holding.ts'
import type { AccountId, GrantId, RequestId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { RequestRow } from './access.store.ts'
import './tables.ts'

export interface HoldingRow {
  id: string
  account_id: AccountId
  grant_id: GrantId
  state: 'held' | 'returned' | 'free'
  /** Of each credential the newest version that its last holder can know. */
  seen: Record<string, number>
  revision: number
}

const columns = ['id', 'account_id', 'grant_id', 'state', 'seen', 'revision'] as const

/** Until the end of the transaction nobody else gives out this account; the database asks for the same lock where a grant is written. */
export async function lockPlace(tx: Tx, account: AccountId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('claviger/account/' || ${account}::text, 0))`.execute(tx)
}

export async function lockHolding(tx: Tx, account: AccountId): Promise<HoldingRow | undefined> {
  return (await tx.selectFrom('holding').select(columns).where('id', '=', holdingOf(account)).forUpdate().executeTakeFirst()) as
    | HoldingRow
    | undefined
}

export async function writeHolding(tx: Tx, { seen, ...row }: HoldingRow, mac: Buffer): Promise<void> {
  const values = { ...row, seen: JSON.stringify(seen), mac }
  await tx
    .insertInto('holding')
    .values(values)
    .onConflict((c) => c.column('id').doUpdateSet({ ...values, changed_at: sql`clock_timestamp()` }))
    .execute()
}

/** What stands in the way of a grant on this account: grants that run on it, and how the account is given out. */
export async function whatRunsOn(tx: Tx, account: AccountId): Promise<{ checkOut: 'exclusive' | null; running: GrantId[] }> {
  const { check_out } = await tx.selectFrom('account').select('check_out').where('id', '=', account).executeTakeFirstOrThrow()
  const rows = await tx.selectFrom('access_grant').select('id').where('account_id', '=', account).where('state', '=', 'active').execute()
  return { checkOut: check_out, running: rows.map((r) => r.id as GrantId) }
}

/** How many wait for this account. */
export async function queuedBefore(tx: Tx, account: AccountId): Promise<number> {
  const { n } = await tx
    .selectFrom('access_request')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('account_id', '=', account)
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Whose turn it is: the request that waits longest for this account. */
export async function nextInQueue(tx: Tx, account: AccountId): Promise<{ id: RequestId; action: string } | undefined> {
  const row = await tx
    .selectFrom('access_request')
    .select(['id', 'action'])
    .where('account_id', '=', account)
    .where('state', '=', 'queued')
    .orderBy('queued_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id as RequestId, action: row.action }
}

/** Accounts whose credential is being replaced after a check-out, and those that somebody waits for. */
export async function accountsToLookAt(tx: Tx): Promise<AccountId[]> {
  const returned = tx.selectFrom('holding').select('account_id').where('state', '=', 'returned')
  const wanted = tx.selectFrom('access_request').select('account_id').where('state', '=', 'queued')
  return (await returned.union(wanted).execute()).map((r) => r.account_id as AccountId)
}

export const queuedNow = (request: RequestRow, at: Date): RequestRow => ({
  ...request,
  state: 'queued',
  queued_at: at,
  revision: request.revision + 1,
})
