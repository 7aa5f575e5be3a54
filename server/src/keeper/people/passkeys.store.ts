import type pg from 'pg'

export interface PasskeyUse {
  counter: number
  usedAt: Date
}

export async function readPasskeyUse(pool: pg.Pool, passkey: string): Promise<PasskeyUse | undefined> {
  const { rows } = await pool.query<{ counter: string; used_at: Date }>(
    'select counter, used_at from vault.passkey_use where passkey_id = $1',
    [passkey],
  )
  return rows[0] && { counter: Number(rows[0].counter), usedAt: rows[0].used_at }
}

/** Moves the counter forward, never back: false when it is as far already, here or at another node. Who does not count stays at 0. */
export async function moveCounter(pool: pg.Pool, passkey: string, { counter, usedAt }: PasskeyUse): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into vault.passkey_use (passkey_id, counter, used_at) values ($1, $2, $3)
     on conflict (passkey_id) do update set counter = excluded.counter, used_at = excluded.used_at
       where vault.passkey_use.counter < excluded.counter or (vault.passkey_use.counter = 0 and excluded.counter = 0)`,
    [passkey, counter, usedAt],
  )
  return rowCount === 1
}

/** Spends a challenge. False when it was spent before, at whichever node. Those that are refused for their age by now are forgotten. */
export async function spendChallenge(pool: pg.Pool, hash: Uint8Array, at: Date, forgetBefore: Date): Promise<boolean> {
  await pool.query('delete from vault.passkey_spent where spent_at < $1', [forgetBefore])
  const { rowCount } = await pool.query(
    'insert into vault.passkey_spent (challenge_hash, spent_at) values ($1, $2) on conflict do nothing',
    [hash, at],
  )
  return rowCount === 1
}
