import type pg from 'pg'
import type { Marks } from '../passwords/marks.ts'
import { expiryOf, readAbout } from './about.ts'

/** What a secret belongs to: ('account', acc_…, 'password'), ('factor', fac_…, 'totp'), ('recording', rec_…, 'data-key'). */
export interface Owner {
  kind: string
  id: string
  what: string
}

export interface VersionRow {
  owner_kind: string
  owner_id: string
  what: string
  version: number
  location: string
  wrapped_key: Buffer
  ciphertext: Buffer
  public: string | null
  state: 'candidate' | 'current' | 'previous' | 'destroyed'
  rotation_id: string | null
  created_at: Date
}

const columns = 'owner_kind, owner_id, what, version, location, wrapped_key, ciphertext, public, state, rotation_id, created_at'
const ofOwner = 'owner_kind = $1 and owner_id = $2 and what = $3'
const args = (o: Owner) => [o.kind, o.id, o.what]

export async function findVersion(pool: pg.Pool, owner: Owner, state: VersionRow['state']): Promise<VersionRow | undefined> {
  const { rows } = await pool.query<VersionRow>(
    `select ${columns} from vault.secret_version where ${ofOwner} and state = $4 order by version desc limit 1`,
    [...args(owner), state],
  )
  return rows[0]
}

export async function findByRotation(pool: pg.Pool, rotation: string): Promise<VersionRow | undefined> {
  const { rows } = await pool.query<VersionRow>(
    `select ${columns} from vault.secret_version where rotation_id = $1 order by version desc limit 1`,
    [rotation],
  )
  return rows[0]
}

/** One version that was not destroyed. */
export async function findExactly(pool: pg.Pool, owner: Owner, version: number): Promise<VersionRow | undefined> {
  const { rows } = await pool.query<VersionRow>(
    `select ${columns} from vault.secret_version where ${ofOwner} and version = $4 and state <> 'destroyed'`,
    [...args(owner), version],
  )
  return rows[0]
}

export async function lastVersion(pool: pg.Pool, owner: Owner): Promise<number> {
  const { rows } = await pool.query<{ last: number | null }>(
    `select max(version) as last from vault.secret_version where ${ofOwner}`,
    args(owner),
  )
  return rows[0]?.last ?? 0
}

export const ownerKey = ({ kind, id, what }: Owner): string => `${kind}/${id}/${what}`

/** The same for many, by `ownerKey`; who has none is not in it. */
export async function lastVersions(pool: pg.Pool, owners: readonly Owner[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ kind: string; id: string; what: string; last: number }>(
    `select v.owner_kind as kind, v.owner_id as id, v.what, max(v.version) as last from vault.secret_version v
     join (select distinct * from unnest($1::text[], $2::text[], $3::text[])) as o (kind, id, what)
       on v.owner_kind = o.kind and v.owner_id = o.id and v.what = o.what
     group by 1, 2, 3`,
    [owners.map((o) => o.kind), owners.map((o) => o.id), owners.map((o) => o.what)],
  )
  return new Map(rows.map((row) => [ownerKey(row), row.last]))
}

/** The newest version, and whether a password is kept already: anywhere, or one like it for this owner. */
export async function lastAndTaken(
  pool: pg.Pool,
  owner: Owner,
  { fingerprint, likeness }: Marks,
): Promise<{ last: number; taken: boolean }> {
  const { rows } = await pool.query<{ last: number; taken: boolean }>(
    `select coalesce(max(version), 0) as last,
       coalesce(bool_or(likeness = $5), false) or exists (select 1 from vault.secret_version where fingerprint = $4) as taken
     from vault.secret_version where ${ofOwner}`,
    [...args(owner), fingerprint, likeness],
  )
  return rows[0] ?? { last: 0, taken: false }
}

/**
 * Inserts a version: `there` when it is already, `no key` when the location key that it lies under was destroyed. Whoever destroys one looks first
 * whether anything lies under it, and waits for who holds its row here. What is sealed to the key for break-glass lies under none.
 */
export async function insertVersion(
  pool: pg.Pool,
  row: Omit<VersionRow, 'created_at'>,
  under: { name: string; version: number },
  marks?: Marks,
): Promise<'inserted' | 'there' | 'no key'> {
  const { owner_kind, owner_id, what, version, location, wrapped_key, ciphertext, state, rotation_id } = row
  const { rows } = await pool.query<{ held: boolean; inserted: boolean }>(
    `with held as (select 1 from vault.location_key where name = $11 and version = $12 for key share),
     fresh as (
       insert into vault.secret_version (owner_kind, owner_id, what, version, location, wrapped_key, ciphertext, public, state, rotation_id,
         fingerprint, likeness, bits, expires_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $13, $14, $15, $16 where $5 = 'break-glass' or exists (select from held) on conflict do nothing returning 1
     )
     select exists (select from held) as held, exists (select from fresh) as inserted`,
    [
      ...[
        owner_kind,
        owner_id,
        what,
        version,
        location,
        wrapped_key,
        ciphertext,
        row.public,
        state,
        rotation_id,
        under.name,
        under.version,
      ],
      ...[marks?.fingerprint ?? null, marks?.likeness ?? null, marks?.bits ?? null, expiryOf(readAbout(row.public))],
    ],
  )
  return rows[0]?.inserted ? 'inserted' : rows[0]?.held || location === 'break-glass' ? 'there' : 'no key'
}

/** Rows that lie under a key that is none of these: of a backup that was put back, or changed by somebody. */
export async function underOtherKeys(pool: pg.Pool, known: readonly string[]): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>(`select ${columns} from vault.secret_version where key_id <> all($1)`, [known])
  return rows
}

/** Makes the candidate current and what was current previous, in one transaction. Safe to repeat. */
export async function promoteVersion(pool: pg.Pool, owner: Owner, version: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`update vault.secret_version set state = 'previous' where ${ofOwner} and state = 'current' and version <> $4`, [
      ...args(owner),
      version,
    ])
    await client.query(
      `update vault.secret_version set state = 'current' where ${ofOwner} and version = $4 and state in ('candidate', 'current')`,
      [...args(owner), version],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

export async function retireCandidate(pool: pg.Pool, owner: Owner, version: number): Promise<void> {
  await pool.query(`update vault.secret_version set state = 'previous' where ${ofOwner} and version = $4 and state = 'candidate'`, [
    ...args(owner),
    version,
  ])
}

/** What there is to say of a version, without what is sealed: of a file that may be a mebibyte. */
export type ListedVersion = Omit<VersionRow, 'wrapped_key' | 'ciphertext' | 'rotation_id'> & { expires_at: Date | null }

export async function listVersions(pool: pg.Pool, accounts: readonly string[]): Promise<ListedVersion[]> {
  const { rows } = await pool.query<ListedVersion>(
    `select owner_kind, owner_id, what, version, location, public, state, created_at, expires_at from vault.secret_version where owner_kind = 'account' and owner_id = any($1) and state <> 'destroyed' order by owner_id, what, version`,
    [accounts],
  )
  return rows
}

/** The current credentials of several accounts. */
export async function currentOf(pool: pg.Pool, accounts: readonly string[]): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>({
    name: 'current-of',
    text: `select ${columns} from vault.secret_version where owner_kind = 'account' and owner_id = any($1) and state = 'current' order by owner_id, what`,
    values: [accounts],
  })
  return rows
}

/** What lies in the break-glass location of an account, newest first. */
export async function breakGlassVersions(pool: pg.Pool, account: string): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>(
    `select ${columns} from vault.secret_version
     where owner_kind = 'account' and owner_id = $1 and location = 'break-glass' and state <> 'destroyed' order by what, version desc limit 100`,
    [account],
  )
  return rows
}

export async function readLocationKeys(pool: pg.Pool): Promise<{ name: string; version: number; wrapped: Buffer }[]> {
  return (
    await pool.query<{ name: string; version: number; wrapped: Buffer }>(
      'select name, version, wrapped from vault.location_key order by name, version',
    )
  ).rows
}

/** Adds a key where there is none yet. */
export async function insertLocationKey(pool: pg.Pool, name: string, version: number, wrapped: Buffer): Promise<void> {
  await pool.query('insert into vault.location_key (name, version, wrapped) values ($1, $2, $3) on conflict do nothing', [
    name,
    version,
    wrapped,
  ])
}

/** Puts back a key that was taken away or changed. */
export const putLocationKey = (pool: pg.Pool, name: string, version: number, wrapped: Buffer): Promise<void> =>
  upsertLocationKey(pool, name, version, wrapped)

export async function upsertLocationKey(db: pg.Pool | pg.PoolClient, name: string, version: number, wrapped: Buffer): Promise<void> {
  await db.query(
    'insert into vault.location_key (name, version, wrapped) values ($1, $2, $3) on conflict (name, version) do update set wrapped = excluded.wrapped',
    [name, version, wrapped],
  )
}

/** What a rotation is about; its row is no secret and decides nothing. */
export async function rotationSubject(pool: pg.Pool, rotation: string): Promise<{ account_id: string; credential: string } | undefined> {
  return (
    await pool.query<{ account_id: string; credential: string }>('select account_id, credential from rotation where id = $1', [rotation])
  ).rows[0]
}

/**
 * Candidates of accounts that Claviger does not reach become current: there is no target to try them on, and the newest one that was brought in is the
 * one that counts. They are of a deposit that a crash cut off, or were put back from the escrow. Answers how many.
 */
export async function promoteKept(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ owner_id: string; what: string; version: number }>(
    `select v.owner_id, v.what, v.version from vault.secret_version v
     join account a on a.id = v.owner_id join target t on t.id = a.target_id and t.manager = ''
     where v.owner_kind = 'account' and v.state = 'candidate'`,
  )
  for (const { owner_id: id, what, version } of rows) await promoteVersion(pool, { kind: 'account', id, what }, version)
  return rows.length
}
