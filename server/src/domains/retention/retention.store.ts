import type { Hold, RetentionClass, Term } from '../../keeper/facts/retention.ts'
import type { LegalHoldId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface ClassRow extends Pick<RetentionClass, 'id' | 'name' | 'anchor'> {
  terms: Term[]
  revision: number
}

/** The class with this id or name, held so that it changes by one act at a time. */
export async function lockClass(tx: Tx, idOrName: string): Promise<ClassRow | undefined> {
  const row = await tx
    .selectFrom('retention_class')
    .select(['id', 'name', 'anchor', 'terms', 'revision'])
    .where((of) => of.or([of('id', '=', idOrName), of('name', '=', idOrName)]))
    .forUpdate()
    .executeTakeFirst()
  return row as ClassRow | undefined
}

export async function putClass(tx: Tx, { id, name, anchor, terms, revision }: ClassRow, mac: Buffer, at: Date): Promise<void> {
  const content = { terms: JSON.stringify(terms), revision, mac, changed_at: at }
  await tx
    .insertInto('retention_class')
    .values({ id, name, anchor, ...content })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
    .execute()
}

export async function knownTargets(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  return (await tx.selectFrom('target').select('id').where('id', 'in', ids).execute()).map((r) => r.id)
}

export async function isThere(tx: Tx, kind: Hold['kind'], id: string): Promise<boolean> {
  return (await tx.selectFrom(kind).select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

export interface AnchorRow {
  id: string
  anchor: 'account_removed' | 'relationship_ended'
  subject_id: string
  closed_at: Date
  closed_by: PersonId
  reason: string
  state: 'closed' | 'open'
  revision: number
}

export async function lockAnchor(tx: Tx, id: string): Promise<Pick<AnchorRow, 'state' | 'revision'> | undefined> {
  return await tx.selectFrom('retention_anchor').select(['state', 'revision']).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function putAnchor(tx: Tx, { id, anchor, subject_id, ...row }: AnchorRow, mac: Buffer): Promise<void> {
  const content = { ...row, mac }
  await tx
    .insertInto('retention_anchor')
    .values({ id, anchor, subject_id, ...content })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
    .execute()
}

export interface HoldRow {
  id: LegalHoldId
  subject_kind: Hold['kind']
  subject_id: string
  case_number: string
  reason: string
  placed_by: PersonId
  placed_at: Date
  state: 'placed' | 'lifted'
  lifted_by: PersonId | null
  revision: number
}

export async function insertHold(tx: Tx, row: HoldRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('legal_hold')
    .values({ ...row, lifted_at: null, lift_reason: null, mac })
    .execute()
}

export async function lockHold(tx: Tx, id: string): Promise<HoldRow | undefined> {
  const columns = [
    'id',
    'subject_kind',
    'subject_id',
    'case_number',
    'reason',
    'placed_by',
    'placed_at',
    'state',
    'lifted_by',
    'revision',
  ] as const
  return (await tx.selectFrom('legal_hold').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as HoldRow | undefined
}

export async function liftRow(tx: Tx, row: HoldRow, how: { at: Date; reason: string }, mac: Buffer): Promise<void> {
  const { state, lifted_by, revision } = row
  await tx
    .updateTable('legal_hold')
    .set({ state, lifted_by, lifted_at: how.at, lift_reason: how.reason, revision, mac })
    .where('id', '=', row.id)
    .execute()
}
