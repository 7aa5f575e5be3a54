import { sql } from 'kysely'
import type { BackupId, EntryId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface RunningBackup {
  id: BackupId
  intent: EntryId
  begunAt: Date
  recipients: string[]
  recordings: boolean
}

/** The one of this node that has not ended; there is never a second. */
export async function runningBackup(tx: Tx, node: string): Promise<RunningBackup | undefined> {
  const row = await tx
    .selectFrom('backup')
    .select(['id', 'intent', 'begun_at', 'recipients', 'recordings'])
    .where('node', '=', node)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  return (
    row && {
      id: row.id as BackupId,
      intent: row.intent as EntryId,
      begunAt: row.begun_at,
      recipients: row.recipients,
      recordings: row.recordings,
    }
  )
}

/** Of nodes that were not heard of for ten minutes: nobody else ends these. Also the backup that a restored database came from, which it says is being made. */
export async function backupsOfTheGone(tx: Tx, own: string): Promise<Pick<RunningBackup, 'id' | 'intent'>[]> {
  const rows = await tx
    .selectFrom('backup as b')
    .select(['b.id', 'b.intent'])
    .where('b.state', '=', 'running')
    .where('b.node', '<>', own)
    .where(
      sql<boolean>`not exists (select from node_part p where p.node = b.node and p.seen_at > clock_timestamp() - interval '10 minutes')`,
    )
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((row) => ({ id: row.id as BackupId, intent: row.intent as EntryId }))
}

/** False when one of this node runs. */
export async function insertBackup(
  tx: Tx,
  row: { id: BackupId; node: string; at: Date; by: PersonId | null; intent: EntryId; recipients: readonly string[]; recordings: boolean },
): Promise<boolean> {
  const { id, node, at, by, intent, recipients, recordings } = row
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('backup')
    .values({
      ...{ id, node, begun_at: at, begun_by: by, intent, recipients: [...recipients], recordings, ended_at: null, file: null, bytes: null },
      ...{ sha256: null, taken_at: null, entries: null, checked_at: null, unchecked: null, error: null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

export async function endBackup(
  tx: Tx,
  id: BackupId,
  set:
    | {
        state: 'done'
        ended_at: Date
        file: string
        bytes: number
        sha256: string
        taken_at: Date
        entries: number
        checked_at: Date | null
        unchecked: string | null
      }
    | { state: 'failed'; ended_at: Date; error: string },
): Promise<void> {
  await tx.updateTable('backup').set(set).where('id', '=', id).where('state', '=', 'running').execute()
}

/** Of this node: when the newest good one was begun, and the newest at all; the error of the latter, where it failed. */
export async function lastBackups(
  tx: Tx,
  node: string,
): Promise<{ good: Date | undefined; tried: Date | undefined; error: string | undefined }> {
  const of = tx.selectFrom('backup').select(['begun_at', 'error']).where('node', '=', node).orderBy('begun_at', 'desc').limit(1)
  const good = await of.where('state', '=', 'done').executeTakeFirst()
  const last = await of.executeTakeFirst()
  return { good: good?.begun_at, tried: last?.begun_at, error: last?.error ?? undefined }
}

/** Name of the file of one that is whole; undefined where there is none. */
export async function fileOf(tx: Tx, id: string): Promise<{ file: string; bytes: number } | undefined> {
  const row = await tx.selectFrom('backup').select(['file', 'bytes']).where('id', '=', id).where('state', '=', 'done').executeTakeFirst()
  return row?.file ? { file: row.file, bytes: row.bytes ?? 0 } : undefined
}

export const isKnown = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.selectFrom('backup').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
