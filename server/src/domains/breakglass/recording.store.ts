import type { AccountId, KitId, KitRecordingId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface KitRecordingRow {
  id: KitRecordingId
  kit_id: KitId
  account_id: AccountId
  custodians: string[]
  started_at: Date
  adopted_at: Date
  adopted_by: PersonId
  whole: boolean
  pieces: number
  sha256: string
  lines: string
}

/** Whether there is such a kit, and such an account. */
export async function kitExists(tx: Tx, kit: string, account: string): Promise<boolean> {
  const found = await tx.selectFrom('breakglass_kit').select('id').where('id', '=', kit).executeTakeFirst()
  return found !== undefined && (await tx.selectFrom('account').select('id').where('id', '=', account).executeTakeFirst()) !== undefined
}

export async function hasRecording(tx: Tx, digest: string): Promise<boolean> {
  return (await tx.selectFrom('breakglass_recording').select('id').where('sha256', '=', digest).executeTakeFirst()) !== undefined
}

export async function insertRecording(tx: Tx, row: KitRecordingRow): Promise<void> {
  await tx.insertInto('breakglass_recording').values(row).execute()
}

/** Adds a part to what this person sends; answers all of it so far. Undefined when it is somebody else's, or too long. What was left lying is taken away. */
export async function addPart(
  tx: Tx,
  { id, person, text, at, most }: { id: string; person: PersonId; text: string; at: Date; most: number },
): Promise<string | undefined> {
  await tx
    .deleteFrom('breakglass_upload')
    .where('begun_at', '<', new Date(at.getTime() - 3600_000))
    .execute()
  const before = await tx.selectFrom('breakglass_upload').select(['lines', 'person_id']).where('id', '=', id).forUpdate().executeTakeFirst()
  if (before && before.person_id !== person) return undefined
  const lines = `${before?.lines ?? ''}${text}`
  if (lines.length > most) return undefined
  await tx
    .insertInto('breakglass_upload')
    .values({ id, person_id: person, begun_at: at, lines })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ lines }))
    .execute()
  return lines
}

export async function dropParts(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('breakglass_upload').where('id', '=', id).execute()
}
