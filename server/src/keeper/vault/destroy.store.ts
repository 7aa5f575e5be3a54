import type pg from 'pg'
import type { Ranges } from '../facts/destruction.ts'
import type { Owner } from './vault.store.ts'

/** A version that was replaced. */
export interface KeptVersion {
  version: number
  /** How many newer ones of those that were replaced are kept. */
  newerKept: number
  /** When the next one was made; null where there is none. */
  replacedAt: Date | null
}

const ofAccount = "owner_kind = 'account' and owner_id = $1 and what = $2"

/** What the vault holds of one credential. */
export async function keptVersions(
  pool: pg.Pool,
  account: string,
  what: string,
): Promise<{ current: number | null; candidate: number | null; previous: KeptVersion[] }> {
  const { rows } = await pool.query<{ version: number; state: string; created_at: Date }>(
    `select version, state, created_at from vault.secret_version where ${ofAccount} order by version desc`,
    [account, what],
  )
  const stateOf = (state: string) => rows.find((r) => r.state === state)?.version ?? null
  const previous: KeptVersion[] = []
  for (const [i, { version, state }] of rows.entries())
    if (state === 'previous') previous.push({ version, newerKept: previous.length, replacedAt: rows[i - 1]?.created_at ?? null })
  return { current: stateOf('current'), candidate: stateOf('candidate'), previous }
}

/** Takes the data keys and the ciphertexts of replaced versions away, and what was kept to find them. Answers how many. */
export async function shredVersions(pool: pg.Pool, account: string, what: string, gone: Ranges): Promise<number> {
  const { rowCount } = await pool.query(
    `update vault.secret_version v
     set state = 'destroyed', wrapped_key = null, ciphertext = null, public = null, fingerprint = null, likeness = null, bits = null,
       expires_at = null
     from unnest($3::int[], $4::int[]) as r (first, last)
     where ${ofAccount} and state = 'previous' and version between r.first and r.last`,
    [account, what, gone.map(([from]) => from), gone.map(([, to]) => to)],
  )
  return rowCount ?? 0
}

/** The same for every version before this one of a key of the product's own. Answers which. */
export async function shredOlder(pool: pg.Pool, owner: Owner, before: number): Promise<number[]> {
  const { rows } = await pool.query<{ version: number }>(
    `update vault.secret_version set state = 'destroyed', wrapped_key = null, ciphertext = null, public = null
     where owner_kind = $1 and owner_id = $2 and what = $3 and version < $4 and state <> 'destroyed' returning version`,
    [owner.kind, owner.id, owner.what, before],
  )
  return rows.map((r) => r.version).sort((a, b) => a - b)
}

/** Accounts with versions that are destroyed by their row and still lie here: somebody died in between, or put them back. */
export async function notShredded(pool: pg.Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ account_id: string }>(
    `select distinct d.account_id from destruction d, jsonb_each(d.gone) g (what, ranges), jsonb_array_elements(g.ranges) r
     where exists (select 1 from vault.secret_version v where v.owner_kind = 'account' and v.owner_id = d.account_id and v.what = g.what
       and v.state <> 'destroyed' and v.version between (r ->> 0)::int and (r ->> 1)::int)
     limit $1`,
    [limit],
  )
  return rows.map((r) => r.account_id)
}

/** What a policy lets go: of each credential all that was replaced but the newest `keep`, and replaced before `before`. Whole accounts, by id. */
export async function dueVersions(
  pool: pg.Pool,
  { keep, before }: { keep: number; before: Date },
  after: string,
  limit: number,
): Promise<{ account: string; credential: string; versions: number[] }[]> {
  const { rows } = await pool.query<{ account: string; credential: string; versions: number[] }>(
    `select owner_id as account, what as credential, array_agg(version order by version) as versions
     from (
       select owner_id, what, version, state,
         row_number() over (partition by owner_id, what, state order by version desc) as nth,
         lead(created_at) over (partition by owner_id, what order by version) as replaced_at,
         max(version) filter (where state = 'current') over (partition by owner_id, what) as current,
         bool_or(state = 'candidate') over (partition by owner_id, what) as busy
       from vault.secret_version where owner_kind = 'account' and owner_id > $3 and state <> 'destroyed'
     ) v
     join account a on a.id = v.owner_id and a.state = 'managed'
     where v.state = 'previous' and nth > $1 and replaced_at <= $2 and version < current and not busy
     group by owner_id, what order by owner_id, what limit $4`,
    [keep, before, after, limit],
  )
  return rows
}
