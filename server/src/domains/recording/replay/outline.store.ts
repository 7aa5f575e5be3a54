import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db/open-db.ts'
import './tables.ts'

/** Writes what was made at once; what stood there of another making goes. False where the recording's keys are gone, or are to go. */
export async function putOutline(db: Db, recording: string, sealed: readonly Uint8Array[]): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await lock(tx, recording)
    const gone = await tx.selectFrom('recording_words').select('state').where('recording_id', '=', recording).executeTakeFirst()
    if (gone?.state === 'forgotten') return false
    await tx.deleteFrom('recording_outline').where('recording_id', '=', recording).execute()
    for (const [n, part] of sealed.entries())
      await tx
        .insertInto('recording_outline')
        .values({ recording_id: recording, n, sealed: Buffer.from(part) })
        .execute()
    return true
  })
}

/** The outline itself, or, from 1 on, what stood there when the stretches before that number began. */
export async function outlinePart(db: Db, recording: string, n: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('recording_outline')
    .select('sealed')
    .where('recording_id', '=', recording)
    .where('n', '=', n)
    .executeTakeFirst()
  return row?.sealed
}

export async function dropOutline(tx: Tx | Db, recording: string): Promise<void> {
  await tx.deleteFrom('recording_outline').where('recording_id', '=', recording).execute()
}

/** Two who make it at once must not leave a mixture. */
const lock = (tx: Tx, recording: string) =>
  sql`select pg_advisory_xact_lock(hashtext('claviger outline'), hashtext(${recording}))`.execute(tx)
