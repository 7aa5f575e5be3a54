import type pg from 'pg'

/** The manifest of a recording with its signature, as the database has it. */
export async function manifestOf(
  pool: pg.Pool,
  recording: string,
): Promise<{ manifest: string | null; signature: Buffer | null } | undefined> {
  const { rows } = await pool.query<{ manifest: string | null; signature: Buffer | null }>(
    'select manifest, signature from recording where id = $1',
    [recording],
  )
  return rows[0]
}

const ofRecording = "owner_kind = 'recording' and owner_id = $1"

/** Takes both keys of a recording away: for viewers, and for unproven input. Answers how many there were. */
export async function destroyRecordingKeys(pool: pg.Pool, recording: string): Promise<number> {
  const { rowCount } = await pool.query(
    `update vault.secret_version set state = 'destroyed', wrapped_key = null, ciphertext = null, public = null
     where ${ofRecording} and state <> 'destroyed'`,
    [recording],
  )
  return rowCount ?? 0
}

export async function hasRecordingKeys(pool: pg.Pool, recording: string): Promise<boolean> {
  const { rowCount } = await pool.query(`select 1 from vault.secret_version where ${ofRecording} and state <> 'destroyed' limit 1`, [
    recording,
  ])
  return (rowCount ?? 0) > 0
}
