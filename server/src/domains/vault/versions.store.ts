import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export type Gone = Record<string, [from: number, to: number][]>
export interface DestructionRow {
  id: string
  account_id: AccountId
  gone: Gone
  revision: number
}
export interface VersionPolicyRow {
  id: string
  keep: number
  days: number
  state: 'on' | 'off'
  revision: number
}

/** Reads what is destroyed of an account and holds the row, so that it grows by one act at a time. */
export async function lockDestruction(tx: Tx, account: AccountId): Promise<DestructionRow | undefined> {
  const columns = ['id', 'account_id', 'gone', 'revision'] as const
  const row = await tx.selectFrom('destruction').select(columns).where('account_id', '=', account).forUpdate().executeTakeFirst()
  return row as DestructionRow | undefined
}

export async function putDestruction(tx: Tx, { id, account_id, gone, revision }: DestructionRow, mac: Buffer): Promise<void> {
  const content = { gone: JSON.stringify(gone), revision, mac }
  await tx
    .insertInto('destruction')
    .values({ id, account_id, ...content })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
    .execute()
}

export async function lockVersionPolicy(tx: Tx): Promise<VersionPolicyRow | undefined> {
  const columns = ['id', 'keep', 'days', 'state', 'revision'] as const
  return (await tx.selectFrom('version_policy').select(columns).forUpdate().executeTakeFirst()) as VersionPolicyRow | undefined
}

export async function putVersionPolicy(tx: Tx, row: VersionPolicyRow, mac: Buffer): Promise<void> {
  const { id, ...content } = { ...row, mac }
  await tx
    .insertInto('version_policy')
    .values({ id, ...content })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
    .execute()
}
