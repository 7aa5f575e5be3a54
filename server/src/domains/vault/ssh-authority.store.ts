import type { TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/** What a host was seen to let in by, as the keeper attests it. */
export interface TrustRow {
  id: string
  target_id: TargetId
  versions: number[]
  by_hand: boolean
  state: 'trusts' | 'gone'
  revision: number
}
const columns = ['id', 'target_id', 'versions', 'by_hand', 'state', 'revision'] as const

/** Of a host that trusts the authority; undefined for any other. */
export async function readTrust(db: Db | Tx, target: string): Promise<(TrustRow & { seen_at: Date }) | undefined> {
  const row = await db
    .selectFrom('ssh_trust')
    .select([...columns, 'seen_at'])
    .where('target_id', '=', target)
    .where('state', '=', 'trusts')
    .executeTakeFirst()
  return row as (TrustRow & { seen_at: Date }) | undefined
}

/** The row of a host, also of one that trusts it no more; held until the act is over. */
export async function lockTrust(tx: Tx, target: TargetId): Promise<TrustRow | undefined> {
  const row = await tx.selectFrom('ssh_trust').select(columns).where('target_id', '=', target).forUpdate().executeTakeFirst()
  return row as TrustRow | undefined
}

export async function putTrust(tx: Tx, { id, target_id, ...row }: TrustRow, mac: Buffer, seenAt: Date): Promise<void> {
  const content = { ...row, mac, seen_at: seenAt, tries: 0, next_try: null, why: null }
  await tx
    .insertInto('ssh_trust')
    .values({ id, target_id, ...content })
    .onConflict((c) => c.column('id').doUpdateSet(content))
    .execute()
}

/** Accounts of a target that are reached by certificate, by name; 20 at most. */
export async function reachedByCertificate(tx: Tx, target: TargetId): Promise<string[]> {
  const rows = await tx
    .selectFrom('account')
    .select('name')
    .where('target_id', '=', target)
    .where('login', '=', 'certificate')
    .orderBy('name')
    .limit(20)
    .execute()
  return rows.map((r) => r.name)
}
