import type pg from 'pg'
import type { Owner, VersionRow } from './vault.store.ts'

const mostMonths = 120

/** The current versions of owners of one kind, from this one's id to `last`, the last one first. */
export async function currentBetween(pool: pg.Pool, { kind, id, what }: Owner, last: string): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>(
    `select owner_kind, owner_id, what, version, location, wrapped_key, ciphertext, public, state, rotation_id, created_at from vault.secret_version
     where owner_kind = $1 and owner_id between $2 and $3 and what = $4 and state = 'current' order by owner_id desc limit ${mostMonths}`,
    [kind, id, last, what],
  )
  return rows
}

/** Counts that the key of a recording is given out for its words; false when it was often enough. */
export async function countOpening(pool: pg.Pool, recording: string, most: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into vault.opened_for_words as o (recording_id, times) values ($1, 1)
     on conflict (recording_id) do update set times = o.times + 1 where o.times < $2`,
    [recording, most],
  )
  return rowCount === 1
}
