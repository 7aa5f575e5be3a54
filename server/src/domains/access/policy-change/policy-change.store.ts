import type { PolicyEdit } from '../../../keeper/facts/policy-change.ts'
import type { PersonId, PolicyChangeId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db/open-db.ts'
import './tables.ts'
import '../tables.ts'

export interface ChangeRow {
  id: PolicyChangeId
  changes: readonly PolicyEdit[]
  reason: string
  proposed_by: PersonId
  proposed_at: Date
  state: 'proposed' | 'approved' | 'withdrawn'
  decided_by: PersonId | null
  revision: number
}
export interface PolicyRow {
  id: string
  name: string
  text: string
  state: 'active' | 'retired'
  revision: number
}

export async function insertChange(tx: Tx, row: ChangeRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('policy_change')
    .values({ ...row, changes: JSON.stringify(row.changes), decided_at: null, mac })
    .execute()
}

/** Held, so that it is decided on once. */
export async function lockChange(tx: Tx, id: string): Promise<ChangeRow | undefined> {
  const columns = ['id', 'changes', 'reason', 'proposed_by', 'proposed_at', 'state', 'decided_by', 'revision'] as const
  return (await tx.selectFrom('policy_change').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as ChangeRow | undefined
}

export async function decideRow(tx: Tx, { id, state, decided_by, revision }: ChangeRow, at: Date, mac: Buffer): Promise<void> {
  await tx.updateTable('policy_change').set({ state, decided_by, decided_at: at, revision, mac }).where('id', '=', id).execute()
}

export async function putPolicy(tx: Tx, { id, name, ...content }: PolicyRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('policy')
    .values({ id, name, ...content, mac })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...content, mac }))
    .execute()
}
