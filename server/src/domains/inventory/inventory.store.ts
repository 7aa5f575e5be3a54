import { sql } from 'kysely'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface TargetRow {
  id: TargetId
  name: string
  kind: string
  environment: string
  tier: number
  settings: Record<string, string | number | boolean>
  identity: Record<string, string>
  manager: string
  /** A second privileged account of the target, which resets one whose credential is unknown. */
  reconciler: string | null
  /** What it holds: card data (pci), health data (phi). In order, never empty; null: neither. */
  scopes: string[] | null
  revision: number
}

export interface AccountRow {
  id: AccountId
  target_id: TargetId
  name: string
  category: string
  tier: number
  privileges: string[]
  credentials: string[]
  authorised_keys: { fingerprint: string; comment: string }[]
  state: string
  /** `exclusive`: one person at a time. */
  check_out: 'exclusive' | null
  /** Since when it is watched and nothing of it replaced; null: it may be rotated. */
  observed_since: Date | null
  /** For emergencies: its credential is sealed to a key that no server has. */
  break_glass: true | null
  /** `certificate`: sessions log in with one by the SSH authority. */
  login: 'certificate' | null
  revision: number
}

const targetColumns = [
  'id',
  'name',
  'kind',
  'environment',
  'tier',
  'settings',
  'identity',
  'manager',
  'reconciler',
  'scopes',
  'revision',
] as const
const accountColumns = [
  'id',
  'target_id',
  'name',
  'category',
  'tier',
  'privileges',
  'credentials',
  'authorised_keys',
  'state',
  'check_out',
  'observed_since',
  'break_glass',
  'login',
  'revision',
] as const

export async function insertTarget(tx: Tx, { settings, identity, ...row }: TargetRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('target')
    .values({ ...row, settings: JSON.stringify(settings), identity: JSON.stringify(identity), mac })
    .execute()
}

/** As a target has them: in order, each once, and null for none. */
export const scopesOf = (given: readonly string[]): string[] | null => (given.length === 0 ? null : [...new Set(given)].sort())

/** Reads a target and holds its row, so that it is changed by one at a time. */
export async function lockTarget(tx: Tx, id: TargetId): Promise<TargetRow | undefined> {
  return (await tx.selectFrom('target').select(targetColumns).where('id', '=', id).forUpdate().executeTakeFirst()) as TargetRow | undefined
}

export async function targetNamed(tx: Tx, name: string): Promise<{ id: string } | undefined> {
  return await tx.selectFrom('target').select('id').where('name', '=', name).executeTakeFirst()
}

export async function updateTarget(
  tx: Tx,
  { id, settings, identity, tier, environment, reconciler, scopes, revision }: TargetRow,
  mac: Buffer,
): Promise<void> {
  await tx
    .updateTable('target')
    .set({ settings: JSON.stringify(settings), identity: JSON.stringify(identity), tier, environment, reconciler, scopes, revision, mac })
    .where('id', '=', id)
    .execute()
}

export async function markDiscovered(tx: Tx, id: TargetId, at: Date): Promise<void> {
  await tx.updateTable('target').set({ last_discovery: at }).where('id', '=', id).execute()
}

export async function lockAccountsOf(tx: Tx, target: TargetId): Promise<AccountRow[]> {
  return (await tx
    .selectFrom('account')
    .select(accountColumns)
    .where('target_id', '=', target)
    .orderBy('name')
    .forUpdate()
    .execute()) as AccountRow[]
}

export async function lockAccount(tx: Tx, id: AccountId): Promise<AccountRow | undefined> {
  return (await tx.selectFrom('account').select(accountColumns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | AccountRow
    | undefined
}

export async function lockAccountNamed(tx: Tx, target: TargetId, name: string): Promise<AccountRow | undefined> {
  return (await tx
    .selectFrom('account')
    .select(accountColumns)
    .where('target_id', '=', target)
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst()) as AccountRow | undefined
}
export async function insertAccount(tx: Tx, { authorised_keys, ...row }: AccountRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('account')
    .values({ ...row, authorised_keys: JSON.stringify(authorised_keys), mac })
    .execute()
}

/** Writes whatever of an account may change: never its id, its target or its name. */
export async function updateAccount(
  tx: Tx,
  { id, target_id: _target, name: _name, authorised_keys: keys, ...row }: AccountRow,
  mac: Buffer,
): Promise<void> {
  await tx
    .updateTable('account')
    .set({ ...row, authorised_keys: JSON.stringify(keys), mac, gone_at: null })
    .where('id', '=', id)
    .execute()
}

/** What is only shown may change without a new revision. */
export async function refreshKeys(tx: Tx, id: AccountId, keys: AccountRow['authorised_keys']): Promise<void> {
  await tx
    .updateTable('account')
    .set({ authorised_keys: JSON.stringify(keys), gone_at: null })
    .where('id', '=', id)
    .execute()
}

export async function markGone(tx: Tx, ids: readonly AccountId[]): Promise<void> {
  if (ids.length > 0)
    await tx.updateTable('account').set({ gone_at: sql`clock_timestamp()` }).where('id', 'in', ids).where('gone_at', 'is', null).execute()
}
