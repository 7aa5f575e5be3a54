import type pg from 'pg'
import { gatherFor } from '../../kernel/gather.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
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

/*
 * Asked by many at once: one statement for all of them. None of these is a named statement: the server would keep the plan that it made while the table
 * was small.
 */

/** The columns of the table expression `v`. */
const columnsOf = columns.replaceAll(/\w+/g, 'v.$&')
const inOrder = <Row extends { ord: string | number }>(rows: readonly Row[], count: number): (Row | undefined)[] => {
  const found = new Map(rows.map((row) => [Number(row.ord), row]))
  return Array.from({ length: count }, (_, at) => found.get(at + 1))
}

const findVersions = gatherFor<pg.Pool, { owner: Owner; state: VersionRow['state'] }, VersionRow | undefined>(async (pool, asked) => {
  const { rows } = await pool.query<VersionRow & { ord: string }>(
    `select o.ord, ${columnsOf} from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as o (kind, id, what, state, ord)
      cross join lateral (select ${columns} from vault.secret_version
        where owner_kind = o.kind and owner_id = o.id and what = o.what and state = o.state order by version desc limit 1) as v`,
    [asked.map((a) => a.owner.kind), asked.map((a) => a.owner.id), asked.map((a) => a.owner.what), asked.map((a) => a.state)],
  )
  return inOrder(rows, asked.length)
})
export const findVersion = (pool: pg.Pool, owner: Owner, state: VersionRow['state']): Promise<VersionRow | undefined> =>
  findVersions(pool, { owner, state })

/** The newest version that was made for a rotation. */
export const findByRotation = gatherFor<pg.Pool, string, VersionRow | undefined>(async (pool, rotations) => {
  const { rows } = await pool.query<VersionRow & { ord: string }>(
    `select o.ord, ${columnsOf} from unnest($1::text[]) with ordinality as o (rotation, ord)
      cross join lateral (select ${columns} from vault.secret_version where rotation_id = o.rotation order by version desc limit 1) as v`,
    [rotations],
  )
  return inOrder(rows, rotations.length)
})

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

const lastsAndTaken = gatherFor<pg.Pool, { owner: Owner; marks: Marks }, { last: number; taken: boolean }>(async (pool, asked) => {
  const { rows } = await pool.query<{ ord: string; last: number; taken: boolean }>(
    `select o.ord, v.last, v.alike or exists (select 1 from vault.secret_version where fingerprint = o.fingerprint) as taken
      from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[]) with ordinality as o (kind, id, what, fingerprint, likeness, ord)
      cross join lateral (select coalesce(max(version), 0) as last, coalesce(bool_or(likeness = o.likeness), false) as alike
        from vault.secret_version where owner_kind = o.kind and owner_id = o.id and what = o.what) as v`,
    [
      ...[asked.map((a) => a.owner.kind), asked.map((a) => a.owner.id), asked.map((a) => a.owner.what)],
      ...[asked.map((a) => a.marks.fingerprint), asked.map((a) => a.marks.likeness)],
    ],
  )
  return inOrder(rows, asked.length).map((row) => ({ last: row?.last ?? 0, taken: row?.taken ?? false }))
})
/** The newest version, and whether a password is kept already: anywhere, or one like it for this owner. */
export const lastAndTaken = (pool: pg.Pool, owner: Owner, marks: Marks): Promise<{ last: number; taken: boolean }> =>
  lastsAndTaken(pool, { owner, marks })

type Inserted = 'inserted' | 'there' | 'no key'
interface Insert {
  row: Omit<VersionRow, 'created_at'>
  under: { name: string; version: number }
  marks: Marks | undefined
}
const versionKey = ({ row: { owner_kind, owner_id, what, version } }: Insert): string => `${owner_kind}/${owner_id}/${what}/${version}`
const asText = (bytes: Buffer | null | undefined): string | null => bytes?.toString('base64') ?? null

const insertVersions = gatherFor<pg.Pool, Insert, Inserted>(
  async (pool, all) => {
    // one parameter: arrays of bytes cost more than all the rest
    const given = all.map(({ row, under, marks }, at) => ({
      ...{ ord: at + 1, owner_kind: row.owner_kind, owner_id: row.owner_id, what: row.what, version: row.version, location: row.location },
      ...{ wrapped_key: asText(row.wrapped_key), ciphertext: asText(row.ciphertext), public: row.public, state: row.state },
      ...{ rotation_id: row.rotation_id, under_name: under.name, under_version: under.version },
      ...{ fingerprint: asText(marks?.fingerprint), likeness: asText(marks?.likeness), bits: marks?.bits ?? null },
      expires_at: expiryOf(readAbout(row.public)),
    }))
    const { rows } = await pool.query<{ ord: string; held: boolean; inserted: boolean }>(
      `with given as materialized (select * from json_to_recordset($1::json) as g (ord int, owner_kind text, owner_id text, what text, version int,
          location text, wrapped_key text, ciphertext text, public text, state text, rotation_id text, under_name text, under_version int,
          fingerprint text, likeness text, bits real, expires_at timestamptz)),
        held as (select k.name, k.version from vault.location_key k
          where exists (select from given g where g.under_name = k.name and g.under_version = k.version) for key share),
        fresh as (
          insert into vault.secret_version (owner_kind, owner_id, what, version, location, wrapped_key, ciphertext, public, state, rotation_id,
            fingerprint, likeness, bits, expires_at)
          select owner_kind, owner_id, what, version, location, decode(wrapped_key, 'base64'), decode(ciphertext, 'base64'), public, state, rotation_id,
            decode(fingerprint, 'base64'), decode(likeness, 'base64'), bits, expires_at
          from given g
          where g.location = 'break-glass' or exists (select from held h where h.name = g.under_name and h.version = g.under_version)
          on conflict do nothing returning owner_kind, owner_id, what, version)
        select g.ord, exists (select from held h where h.name = g.under_name and h.version = g.under_version) as held,
          exists (select from fresh f where f.owner_kind = g.owner_kind and f.owner_id = g.owner_id and f.what = g.what
            and f.version = g.version) as inserted
        from given g`,
      [JSON.stringify(given)],
    )
    return inOrder(rows, all.length).map((row, at) =>
      row?.inserted ? 'inserted' : row?.held || all[at]?.row.location === 'break-glass' ? 'there' : 'no key',
    )
  },
  // one of two that are the same is there already: which one, the database says
  { most: 32, key: versionKey, ofOne: isAboutOneRow },
)
/**
 * Inserts a version: `there` when it is already, `no key` when the location key that it lies under was destroyed. Whoever destroys one looks first
 * whether anything lies under it, and waits for who holds its row here. What is sealed to the key for break-glass lies under none.
 */
export const insertVersion = (pool: pg.Pool, row: Insert['row'], under: Insert['under'], marks?: Marks): Promise<Inserted> =>
  insertVersions(pool, { row, under, marks })

/** Rows that lie under a key that is none of these: of a backup that was put back, or changed by somebody. */
export async function underOtherKeys(pool: pg.Pool, known: readonly string[]): Promise<VersionRow[]> {
  const { rows } = await pool.query<VersionRow>(`select ${columns} from vault.secret_version where key_id <> all($1)`, [known])
  return rows
}

const promoteVersions = gatherFor<pg.Pool, { owner: Owner; version: number }, void>(
  async (pool, all) => {
    const given = [all.map((a) => a.owner.kind), all.map((a) => a.owner.id), all.map((a) => a.owner.what), all.map((a) => a.version)]
    const these = `from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as o (kind, id, what, version)
      where v.owner_kind = o.kind and v.owner_id = o.id and v.what = o.what`
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query(
        `update vault.secret_version v set state = 'previous' ${these} and v.state = 'current' and v.version <> o.version`,
        given,
      )
      await client.query(
        `update vault.secret_version v set state = 'current' ${these} and v.version = o.version and v.state = 'candidate'`,
        given,
      )
      await client.query('commit')
      return all.map(() => undefined)
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      throw error
    } finally {
      client.release()
    }
  },
  { most: 64, key: ({ owner }) => ownerKey(owner), ofOne: isAboutOneRow },
)
/** Makes the candidate current and what was current previous, in one transaction. Safe to repeat. */
export const promoteVersion = (pool: pg.Pool, owner: Owner, version: number): Promise<void> => promoteVersions(pool, { owner, version })

export async function retireCandidate(pool: pg.Pool, owner: Owner, version: number): Promise<void> {
  await pool.query(`update vault.secret_version set state = 'previous' where ${ofOwner} and version = $4 and state = 'candidate'`, [
    ...args(owner),
    version,
  ])
}

/** What there is to say of a version, without what is sealed: of a file that may be a mebibyte. */
export type ListedVersion = Omit<VersionRow, 'wrapped_key' | 'ciphertext' | 'rotation_id'> & { expires_at: Date | null }

export async function listVersions(pool: pg.Pool, accounts: readonly string[]): Promise<ListedVersion[]> {
  const [one, ...others] = accounts
  return one !== undefined && others.length === 0 ? await versionsOfOne(pool, one) : await versionsOf(pool, accounts)
}
const versionsOfOne = gatherFor<pg.Pool, string, ListedVersion[]>(async (pool, accounts) => {
  const found = Map.groupBy(await versionsOf(pool, [...new Set(accounts)]), ({ owner_id }) => owner_id)
  return accounts.map((account) => found.get(account) ?? [])
})
async function versionsOf(pool: pg.Pool, accounts: readonly string[]): Promise<ListedVersion[]> {
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
