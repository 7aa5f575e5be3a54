import type { AccountId, BreakglassKeyId, KitId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface KeyRow {
  id: BreakglassKeyId
  recipient: string
  threshold: number
  custodians: { name: string; key: string; share: string }[]
  state: 'proposed' | 'active' | 'replaced' | 'dropped'
  introduced_by: PersonId
  revision: number
}
const keyColumns = ['id', 'recipient', 'threshold', 'custodians', 'state', 'introduced_by', 'revision'] as const

export async function insertKey(tx: Tx, { custodians, ...row }: KeyRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('breakglass_key')
    .values({ ...row, custodians: JSON.stringify(custodians), mac })
    .execute()
}

export async function lockKey(tx: Tx, id: BreakglassKeyId): Promise<KeyRow | undefined> {
  return (await tx.selectFrom('breakglass_key').select(keyColumns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | KeyRow
    | undefined
}

/** The key that counts, or the one that waits. */
export async function lockKeyThatIs(tx: Tx, state: 'active' | 'proposed'): Promise<KeyRow | undefined> {
  return (await tx.selectFrom('breakglass_key').select(keyColumns).where('state', '=', state).forUpdate().executeTakeFirst()) as
    | KeyRow
    | undefined
}

export async function setKeyState(tx: Tx, { id, state, revision }: KeyRow, mac: Buffer): Promise<void> {
  await tx.updateTable('breakglass_key').set({ state, revision, mac }).where('id', '=', id).execute()
}

export async function markedAccounts(tx: Tx): Promise<AccountId[]> {
  const rows = await tx.selectFrom('account').select('id').where('break_glass', '=', true).orderBy('id').execute()
  return rows.map((row) => row.id as AccountId)
}

export interface KitRow {
  id: KitId
  key_id: BreakglassKeyId
  made_by: PersonId | null
  made_at: Date
  contents: { account: string; credential: string; version: number }[]
  file: string
}

/** As many as a page shows. */
const filesKept = 20

export async function insertKit(tx: Tx, { contents, ...row }: KitRow): Promise<void> {
  await tx
    .insertInto('breakglass_kit')
    .values({ ...row, contents: JSON.stringify(contents), stale_at: null })
    .execute()
  // of older ones only that they were made is kept: what is in them is worth nothing any more
  const kept = tx.selectFrom('breakglass_kit').select('id').orderBy('made_at', 'desc').limit(filesKept)
  await tx.updateTable('breakglass_kit').set({ file: '' }).where('file', '<>', '').where('id', 'not in', kept).execute()
}

/** Marks a kit as not as things are; false when it was marked before. */
export async function markStale(tx: Tx, id: string, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('breakglass_kit')
    .set({ stale_at: at })
    .where('id', '=', id)
    .where('stale_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
