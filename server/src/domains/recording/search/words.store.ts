import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db/open-db.ts'
import './tables.ts'

const patience = sql<Date>`clock_timestamp() - interval '10 minutes'`
const free = sql<boolean>`(state = 'waiting' or state = 'reading' and looked_at < ${patience})`

/** Recordings behind `after` whose words are not here yet; those that somebody began to read long ago are among them. */
export async function waitingForWords(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recording_words')
    .select('recording_id')
    .where('recording_id', '>', after)
    .where('state', 'in', ['waiting', 'reading'])
    .where(free)
    .orderBy('recording_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.recording_id)
}

/** Orders the words of recordings that nobody ordered them of: after a restore, since no backup has them. */
export async function orderMissingWords(db: Db): Promise<void> {
  await sql`insert into recording_words (recording_id)
    select id from recording r where state in ('sealed', 'interrupted') and not exists (select from recording_words w where w.recording_id = r.id)
    on conflict do nothing`.execute(db)
}

/** Takes one in hand: its number, and how often it was taken. Undefined where somebody else has it. */
export async function beginReading(db: Db, recording: string): Promise<{ n: number; tries: number } | undefined> {
  return await db.transaction().execute(async (tx) => {
    // two at once would count to the same number
    await sql`select pg_advisory_xact_lock(hashtext('claviger words of recordings'))`.execute(tx)
    const row = await tx
      .updateTable('recording_words')
      .set({
        n: sql<number>`coalesce(n, (select coalesce(max(n), 0) + 1 from recording_words))`,
        state: 'reading',
        tries: sql<number>`tries + 1`,
        looked_at: sql<Date>`clock_timestamp()`,
      })
      .where('recording_id', '=', recording)
      .where(free)
      .returning(['n', 'tries'])
      .executeTakeFirst()
    return row && { n: row.n as number, tries: row.tries }
  })
}

/** Puts the words of a recording in, all or none. False where it was forgotten meanwhile. `at`: seconds since 1970. */
export async function putWords(
  tx: Tx,
  { recording, n, at, tokens, cut }: { recording: string; n: number; at: number; tokens: readonly bigint[]; cut: boolean },
): Promise<boolean> {
  const ours = await tx
    .updateTable('recording_words')
    .set({ state: 'found', cut })
    .where('recording_id', '=', recording)
    .where('state', '=', 'reading')
    .executeTakeFirst()
  if (ours.numUpdatedRows === 0n) return false
  await sql`insert into session_word (token, at, n)
    select token, ${at}::int, ${n}::int from unnest(${tokens.map(String)}::bigint[]) as token order by token on conflict do nothing`.execute(
    tx,
  )
  return true
}

export async function giveUpReading(db: Db, recording: string, state: 'waiting' | 'failed'): Promise<void> {
  await db.updateTable('recording_words').set({ state }).where('recording_id', '=', recording).where('state', '=', 'reading').execute()
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
  if (row.n === null) return 0
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
