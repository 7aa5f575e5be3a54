import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, DepositId, EntryId, PersonId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface DepositRow {
  id: DepositId
  account_id: AccountId
  person_id: PersonId
  credential: CredentialKind
  version: number
  at: Date
}

/** Credentials that are brought in together, as the list of imports shows them. */
export interface BatchRow {
  id: string
  source: string
  begun_by: PersonId
  begun_at: Date
  entries: number
}

export async function insertBatch(tx: Tx, row: BatchRow): Promise<void> {
  await tx.insertInto('deposit_batch').values(row).execute()
}

export async function setKnown(db: Db, id: string, known: number): Promise<void> {
  await db.updateTable('deposit_batch').set({ known }).where('id', '=', id).execute()
}

export async function insertDeposit(tx: Tx, row: DepositRow, mac: Buffer, batch: string | null): Promise<void> {
  await tx
    .insertInto('deposit')
    .values({ ...row, intent: null, state: 'preparing', batch_id: batch, revision: 1, mac })
    .execute()
}

export async function setDepositIntent(tx: Tx, id: DepositId, intent: EntryId): Promise<void> {
  await tx.updateTable('deposit').set({ intent }).where('id', '=', id).execute()
}

/** Whether this is what it came to: false where that is known already. */
export async function setDepositState(tx: Tx, id: DepositId, state: 'kept' | 'failed'): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('deposit')
    .set({ state })
    .where('id', '=', id)
    .where('state', '=', 'preparing')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Of a crash: nobody answered them any more. */
export async function openDeposits(
  tx: Tx,
  before: Date,
): Promise<{ id: DepositId; intent: EntryId | null; account: AccountId; credential: CredentialKind; version: number }[]> {
  const rows = await tx
    .selectFrom('deposit')
    .select(['id', 'intent', 'account_id', 'credential', 'version'])
    .where('state', '=', 'preparing')
    .where('at', '<', before)
    .orderBy('at')
    .limit(200)
    .execute()
  return rows.map(({ account_id, ...r }) => ({
    ...{ ...r, id: r.id as DepositId, intent: r.intent as EntryId | null },
    ...{ account: account_id as AccountId, credential: r.credential as CredentialKind },
  }))
}
