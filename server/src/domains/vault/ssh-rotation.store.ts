import { sql } from 'kysely'
import type { PersonId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface LeftOut {
  target: string
  reason: string
  by: string
}
export interface SshRotationRow {
  id: string
  step: 'telling' | 'signing' | 'done'
  old_version: number
  new_version: number
  left_out: LeftOut[]
  begun_by: PersonId
  revision: number
}
const columns = ['id', 'step', 'old_version', 'new_version', 'left_out', 'begun_by', 'revision'] as const

export async function readSshRotation(db: Db | Tx): Promise<(SshRotationRow & { begun_at: Date; changed_at: Date }) | undefined> {
  const row = await db
    .selectFrom('ssh_rotation')
    .select([...columns, 'begun_at', 'changed_at'])
    .executeTakeFirst()
  return row as (SshRotationRow & { begun_at: Date; changed_at: Date }) | undefined
}

export async function lockSshRotation(tx: Tx): Promise<SshRotationRow | undefined> {
  return (await tx.selectFrom('ssh_rotation').select(columns).forUpdate().executeTakeFirst()) as SshRotationRow | undefined
}

/** `begunAt`: of one that begins. */
export async function putSshRotation(
  tx: Tx,
  { id, left_out, ...row }: SshRotationRow,
  mac: Buffer,
  at: Date,
  begunAt?: Date,
): Promise<void> {
  const content = { ...row, left_out: JSON.stringify(left_out), mac, changed_at: at, ...(begunAt && { begun_at: begunAt }) }
  await tx
    .insertInto('ssh_rotation')
    .values({ id, ...content })
    .onConflict((c) => c.column('id').doUpdateSet(content))
    .execute()
}

/** Hosts that a step waits for: trusting, not left out, and seen to let in by other versions than they are to. */
export const waitingHosts = (db: Db | Tx, { step, new_version, left_out }: SshRotationRow) =>
  db
    .selectFrom('ssh_trust')
    .where('state', '=', 'trusts')
    .where(
      step === 'telling' ? sql<boolean>`not versions @> array[${new_version}::int]` : sql<boolean>`versions <> array[${new_version}::int]`,
    )
    .$if(left_out.length > 0, (q) =>
      q.where(
        'target_id',
        'not in',
        left_out.map(({ target }) => target),
      ),
    )

/** Some of those whose time has come, who waited longest first. */
export async function hostsDue(
  db: Db,
  row: SshRotationRow,
  now: Date,
  most: number,
): Promise<{ target_id: TargetId; by_hand: boolean; tries: number }[]> {
  const rows = await waitingHosts(db, row)
    .select(['target_id', 'by_hand', 'tries'])
    .where((e) => e.or([e('next_try', 'is', null), e('next_try', '<=', now)]))
    .orderBy('next_try', (o) => o.asc().nullsFirst())
    .orderBy('target_id')
    .limit(most)
    .execute()
  return rows as { target_id: TargetId; by_hand: boolean; tries: number }[]
}

export async function countWaiting(db: Db | Tx, row: SshRotationRow): Promise<number> {
  const { n } = await waitingHosts(db, row)
    .select((e) => e.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Shown, and waited for; decides nothing. */
export async function noteTry(db: Db, target: TargetId, next: Date, why: string): Promise<void> {
  await db
    .updateTable('ssh_trust')
    .set((e) => ({ tries: e('tries', '+', 1), next_try: next, why: why.slice(0, 500) }))
    .where('target_id', '=', target)
    .execute()
}

/** At the beginning of a step every host is tried at once. */
export async function forgetTries(tx: Tx): Promise<void> {
  await tx.updateTable('ssh_trust').set({ tries: 0, next_try: null, why: null }).execute()
}
