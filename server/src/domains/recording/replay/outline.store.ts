import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db/open-db.ts'
import type { KeptEnds, SealedRow } from './seal-outline.ts'
import './tables.ts'

/** Writes what was made at once; what stood there of another making goes. False where the recording's keys are gone, or are to go. */
export async function putOutline(db: Db, recording: string, sealed: readonly Uint8Array[]): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await lock(tx, recording)
    if (await isGone(tx, recording)) return false
    await tx.deleteFrom('recording_outline').where('recording_id', '=', recording).execute()
    for (const [n, part] of sealed.entries())
      await tx
        .insertInto('recording_outline')
        .values({ recording_id: recording, n, sealed: Buffer.from(part) })
        .execute()
    return true
  })
}

/** Puts what is new of an outline behind what it goes on from (`before`; undefined: from nothing), unless another one is there by now. */
export async function putGrownOutline(
  db: Db,
  recording: string,
  { before, rows }: { before: Uint8Array | undefined; rows: readonly SealedRow[] },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lock(tx, recording)
    const there = await outlinePart(tx, recording, 0)
    const same = before ? there?.equals(before) : there === undefined
    if (!same || (await isGone(tx, recording))) return
    const from = rows[1]?.n ?? 0
    await tx
      .deleteFrom('recording_outline')
      .where('recording_id', '=', recording)
      .where((row) => row.or([row('n', '=', 0), row('n', '>=', from)]))
      .execute()
    for (const row of rows)
      await tx
        .insertInto('recording_outline')
        .values({ recording_id: recording, n: row.n, sealed: Buffer.from(row.sealed) })
        .execute()
  })
}

async function isGone(tx: Tx, recording: string): Promise<boolean> {
  const words = await tx.selectFrom('recording_words').select('state').where('recording_id', '=', recording).executeTakeFirst()
  return words?.state === 'forgotten'
}

/** The outline itself, or, from 1 on, what stood there when the stretches before that number began; the last row is that of its end. */
export async function outlinePart(db: Db | Tx, recording: string, n: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('recording_outline')
    .select('sealed')
    .where('recording_id', '=', recording)
    .where('n', '=', n)
    .executeTakeFirst()
  return row?.sealed
}

/** The outline and the row behind its last screen, with which it is gone on with: both of one moment, since whoever goes on replaces them together. */
export async function outlineEnds(db: Db, recording: string): Promise<KeptEnds | undefined> {
  const last = db
    .selectFrom('recording_outline')
    .select(({ fn }) => fn.max('n').as('n'))
    .where('recording_id', '=', recording)
  const rows = await db
    .selectFrom('recording_outline')
    .select(['n', 'sealed'])
    .where('recording_id', '=', recording)
    .where((row) => row.or([row('n', '=', 0), row('n', '=', last)]))
    .orderBy('n')
    .execute()
  const [outline, end] = rows
  return outline?.n === 0 ? { outline: outline.sealed, end } : undefined
}

export async function dropOutline(tx: Tx | Db, recording: string): Promise<void> {
  await tx.deleteFrom('recording_outline').where('recording_id', '=', recording).execute()
}

/** Two who make it at once must not leave a mixture. */
const lock = (tx: Tx, recording: string) =>
  sql`select pg_advisory_xact_lock(hashtext('claviger outline'), hashtext(${recording}))`.execute(tx)
