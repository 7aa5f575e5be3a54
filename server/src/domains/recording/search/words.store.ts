import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db/open-db.ts'
import './tables.ts'

/** A recording whose words are asked for. */
export interface WaitingRecording {
  n: number
  recording: string
}

const patience = sql<Date>`clock_timestamp() - interval '10 minutes'`

/** Recordings behind `after` whose words are not here yet; those that somebody began to read long ago are among them. */
export async function waitingForWords(db: Db, after: number, limit: number): Promise<WaitingRecording[]> {
  return await db
    .selectFrom('recording_words')
    .select(['n', 'recording_id as recording'])
    .where('n', '>', after)
    .where('state', 'in', ['waiting', 'reading'])
    .where((of) => of.or([of('state', '=', 'waiting'), of('looked_at', '<', patience)]))
    .orderBy('n')
    .limit(limit)
    .execute()
}

/** Orders the words of recordings that nobody ordered them of: after a restore, since no backup has them. */
export async function orderMissingWords(db: Db): Promise<void> {
  await sql`insert into recording_words (recording_id)
    select id from recording r where state in ('sealed', 'interrupted') and not exists (select from recording_words w where w.recording_id = r.id)
    order by updated_at on conflict do nothing`.execute(db)
}

/** Takes one in hand; how often it was taken, or undefined where somebody else has it. */
export async function beginReading(db: Db, n: number): Promise<number | undefined> {
  const row = await db
    .updateTable('recording_words')
    .set({ state: 'reading', tries: sql<number>`tries + 1`, looked_at: sql<Date>`clock_timestamp()` })
    .where('n', '=', n)
    .where((of) => of.or([of('state', '=', 'waiting'), of.and([of('state', '=', 'reading'), of('looked_at', '<', patience)])]))
    .returning('tries')
    .executeTakeFirst()
  return row?.tries
}

/** Puts the words of a recording in, all or none. False where it was forgotten meanwhile. `at`: seconds since 1970. */
export async function putWords(
  tx: Tx,
  { n, at, tokens, cut }: { n: number; at: number; tokens: readonly bigint[]; cut: boolean },
): Promise<boolean> {
  const ours = await tx
    .updateTable('recording_words')
    .set({ state: 'found', cut })
    .where('n', '=', n)
    .where('state', '=', 'reading')
    .executeTakeFirst()
  if (ours.numUpdatedRows === 0n) return false
  await sql`insert into session_word (token, at, n)
    select token, ${at}::int, ${n}::int from unnest(${tokens.map(String)}::bigint[]) as token order by token on conflict do nothing`.execute(
    tx,
  )
  return true
}

export async function giveUpReading(db: Db, n: number, state: 'waiting' | 'failed'): Promise<void> {
  await db.updateTable('recording_words').set({ state }).where('n', '=', n).where('state', '=', 'reading').execute()
}

/**
 * Takes the words of a recording out of the search, for ever: in the transaction in which the recording is destroyed. Says how many hashes went.
 * What was there lies in dead rows until the database has cleaned up, and in backups.
 */
export async function forgetWords(tx: Tx, recording: string): Promise<number> {
  const row = await tx
    .insertInto('recording_words')
    .values({ recording_id: recording, state: 'forgotten' })
    .onConflict((c) => c.column('recording_id').doUpdateSet({ state: 'forgotten' }))
    .returning('n')
    .executeTakeFirstOrThrow()
  const gone = await tx.deleteFrom('session_word').where('n', '=', row.n).executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** How many recordings' words are not here yet, and of how many they never will be. */
export async function wordsMissing(db: Db): Promise<{ waiting: number; failed: number }> {
  const row = await db
    .selectFrom('recording_words')
    .select([
      sql<number>`count(*) filter (where state in ('waiting', 'reading'))::int`.as('waiting'),
      sql<number>`count(*) filter (where state = 'failed')::int`.as('failed'),
    ])
    .where('state', 'in', ['waiting', 'reading', 'failed'])
    .executeTakeFirstOrThrow()
  return row
}
