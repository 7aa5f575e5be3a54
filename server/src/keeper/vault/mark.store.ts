import type pg from 'pg'
import type { Marks } from '../passwords/marks.ts'
import type { VersionRow } from './vault.store.ts'

/** Versions of accounts without marks, behind this one: of an installation that is older than marks are. */
export async function unmarked(
  pool: pg.Pool,
  after: Pick<VersionRow, 'owner_id' | 'what' | 'version'>,
  limit: number,
): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>(
    `select * from vault.secret_version
     where owner_kind = 'account' and fingerprint is null and state <> 'destroyed' and (owner_id, what, version) > ($1, $2, $3)
     order by owner_id, what, version limit $4`,
    [after.owner_id, after.what, after.version, limit],
  )
  return rows
}

export async function putMarks(pool: pg.Pool, row: VersionRow, { fingerprint, likeness, bits }: Marks): Promise<void> {
  await pool.query(
    `update vault.secret_version set fingerprint = $4, likeness = $5, bits = $6
     where owner_kind = 'account' and owner_id = $1 and what = $2 and version = $3 and state <> 'destroyed'`,
    [row.owner_id, row.what, row.version, fingerprint, likeness, bits],
  )
}
