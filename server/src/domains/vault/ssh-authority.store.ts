import type { TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface Trusted {
  authority: number
  by_hand: boolean
  seen_at: Date
}

export async function readTrust(db: Db | Tx, target: string): Promise<Trusted | undefined> {
  return await db.selectFrom('ssh_trust').select(['authority', 'by_hand', 'seen_at']).where('target_id', '=', target).executeTakeFirst()
}

export async function writeTrust(tx: Tx, target: TargetId, row: Trusted): Promise<void> {
  await tx
    .insertInto('ssh_trust')
    .values({ target_id: target, ...row })
    .onConflict((c) => c.column('target_id').doUpdateSet(row))
    .execute()
}

export async function removeTrust(tx: Tx, target: TargetId): Promise<void> {
  await tx.deleteFrom('ssh_trust').where('target_id', '=', target).execute()
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
