import type pg from 'pg'

/** A data key as it lies under a location key. */
export interface WrappedRow {
  owner_kind: string
  owner_id: string
  what: string
  version: number
  location: string
  wrapped_key: Buffer
}
export type After = Pick<WrappedRow, 'owner_kind' | 'owner_id' | 'what' | 'version'>

/** How many data keys lie under each location key, by its id. */
export async function countByKey(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ key_id: string; n: number }>(
    'select key_id, count(*)::int as n from vault.secret_version where key_id is not null group by key_id',
  )
  return new Map(rows.map((r) => [r.key_id, r.n]))
}

/** The next ones under this key, in order of their place. */
export async function nextUnder(pool: pg.Pool, keyId: string, after: After | undefined, most: number): Promise<WrappedRow[]> {
  const { rows } = await pool.query<WrappedRow>(
    `select owner_kind, owner_id, what, version, location, wrapped_key from vault.secret_version
     where key_id = $1 and (owner_kind, owner_id, what, version) > ($2, $3, $4, $5)
     order by owner_kind, owner_id, what, version limit $6`,
    [keyId, after?.owner_kind ?? '', after?.owner_id ?? '', after?.what ?? '', after?.version ?? 0, most],
  )
  return rows
}

/** Puts each in the place of exactly what was read: a row that changed meanwhile stays as it is, and is found again. */
export async function putWrapped(pool: pg.Pool, rows: readonly (WrappedRow & { next: Buffer })[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update vault.secret_version v set wrapped_key = n.next
     from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bytea[], $6::bytea[])
       as n (owner_kind, owner_id, what, version, before, next)
     where v.owner_kind = n.owner_kind and v.owner_id = n.owner_id and v.what = n.what and v.version = n.version and v.wrapped_key = n.before`,
    [
      rows.map((r) => r.owner_kind),
      rows.map((r) => r.owner_id),
      rows.map((r) => r.what),
      rows.map((r) => r.version),
      rows.map((r) => r.wrapped_key),
      rows.map((r) => r.next),
    ],
  )
  return rowCount ?? 0
}

/**
 * Destroys a location key, inside a transaction: false when something still lies under it. Whoever seals under it holds its row (insertVersion), and is
 * waited for.
 */
export async function deleteUnused(client: pg.PoolClient, name: string, version: number): Promise<boolean> {
  await client.query('select 1 from vault.location_key where name = $1 and version = $2 for update', [name, version])
  const used = await client.query('select 1 from vault.secret_version where key_id = $1 limit 1', [`${name}:${version}`])
  if (used.rows.length > 0) return false
  await client.query('delete from vault.location_key where name = $1 and version = $2', [name, version])
  return true
}
