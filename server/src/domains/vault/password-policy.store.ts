import type { PasswordPolicyId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface PasswordPolicyRow {
  id: PasswordPolicyId
  name: string
  tier: number | null
  kind: string | null
  target_id: string | null
  length: number
  classes: string[]
  excluded: string
  exception: string | null
  max_age_days: number | null
  state: 'active' | 'retired'
  revision: number
}

const columns = [
  ...(['id', 'name', 'tier', 'kind', 'target_id', 'length', 'classes'] as const),
  ...(['excluded', 'exception', 'max_age_days', 'state', 'revision'] as const),
] as const

export async function insertPolicy(tx: Tx, row: PasswordPolicyRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('password_policy')
    .values({ ...row, mac })
    .execute()
}

/** Reads a policy and holds its row, so that it is changed by one at a time. */
export async function lockPolicy(tx: Tx, id: PasswordPolicyId): Promise<PasswordPolicyRow | undefined> {
  const row = await tx.selectFrom('password_policy').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
  return row as PasswordPolicyRow | undefined
}

export async function policyNamed(tx: Tx, name: string): Promise<boolean> {
  const row = await tx.selectFrom('password_policy').select('id').where('name', '=', name).where('state', '=', 'active').executeTakeFirst()
  return row !== undefined
}

export async function targetIsThere(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('target').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

export async function updatePolicy(tx: Tx, row: PasswordPolicyRow, mac: Buffer): Promise<void> {
  const { id, length, classes, excluded, exception, max_age_days, state, revision } = row
  await tx
    .updateTable('password_policy')
    .set({ length, classes, excluded, exception, max_age_days, state, revision, mac })
    .where('id', '=', id)
    .execute()
}
