import type { AccountId, DependentId, PersonId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind, TellHow } from '../../targets/contract.ts'
import './tables.ts'

export interface DependentRow {
  id: DependentId
  account_id: AccountId
  credential: CredentialKind
  host_id: TargetId
  settings: TellHow
  state: 'proposed' | 'active' | 'removed'
  introduced_by: PersonId
  revision: number
}

const columns = ['id', 'account_id', 'credential', 'host_id', 'settings', 'state', 'introduced_by', 'revision'] as const

export async function insertDependent(tx: Tx, { settings, ...row }: DependentRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('dependent')
    .values({ ...row, settings: JSON.stringify(settings), mac })
    .execute()
}

export async function lockDependent(tx: Tx, id: DependentId): Promise<DependentRow | undefined> {
  return (await tx.selectFrom('dependent').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as DependentRow | undefined
}

export async function updateDependent(tx: Tx, { id, state, revision }: DependentRow, mac: Buffer): Promise<void> {
  await tx.updateTable('dependent').set({ state, revision, mac }).where('id', '=', id).execute()
}

export async function hostNamed(tx: Tx, name: string): Promise<{ id: TargetId } | undefined> {
  return (await tx.selectFrom('target').select('id').where('name', '=', name).executeTakeFirst()) as { id: TargetId } | undefined
}
