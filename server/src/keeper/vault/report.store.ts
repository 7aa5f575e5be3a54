import type pg from 'pg'

export const findings = ['weak', 'reused', 'old', 'shared', 'expiring'] as const
export type Finding = (typeof findings)[number]

/** Below these a credential is weak: what the floor asks of a password, and of a key what counts as enough until 2030 (NIST SP 800-57). */
export const weakBelow = { password: 100, key: 112 }

export interface ReportRow {
  account: string
  credential: string
  version: number
  tier: number
  made_at: Date
  bits: number | null
  /** Other accounts that have or had the same credential, a few of them. */
  same_as: string[]
  /** Who had a grant on the account since this version was made. */
  people: number
  expires_at: Date | null
}

/** The current credentials of accounts that are there. $1: weak passwords below, $2: weak keys below, $3: old before, $4: expiring before. */
const current = `from (select $1::real as password, $2::real as key, $3::timestamptz as old, $4::timestamptz as expiring) below, vault.secret_version v
  join account a on a.id = v.owner_id and a.gone_at is null
  where v.owner_kind = 'account' and v.state = 'current'`
const sameElsewhere = `from vault.secret_version o where o.fingerprint = v.fingerprint and o.owner_kind = 'account' and o.owner_id <> v.owner_id`
const peopleSince =
  '(select count(distinct g.person_id)::int from access_grant g where g.account_id = v.owner_id and g.ends_at > v.created_at)'

/** Of sets, not of each row: each is made once, however many credentials there are. */
const conditions: Readonly<Record<Finding, string>> = {
  weak: `((v.what in ('password', 'api-key') and v.bits < below.password) or (v.what not in ('password', 'api-key') and v.bits < below.key))`,
  reused: `(v.fingerprint in (select o.fingerprint from vault.secret_version o where o.owner_kind = 'account' and o.fingerprint is not null
    group by o.fingerprint having min(o.owner_id) <> max(o.owner_id)))`,
  old: '(v.created_at < below.old)',
  shared: `((v.owner_id, v.what) in (select c.owner_id, c.what from access_grant g join vault.secret_version c
    on c.owner_kind = 'account' and c.owner_id = g.account_id and c.state = 'current' and g.ends_at > c.created_at
    group by c.owner_id, c.what having min(g.person_id) <> max(g.person_id)))`,
  expiring: '(v.expires_at < below.expiring)',
}

export interface Report {
  credentials: number
  weak: number
  reused: number
  old: number
  shared: number
  expiring: number
  unchecked: number
}

interface Before {
  oldBefore: Date
  expiringBefore: Date
}

/** How many credentials there are, and of how many something is to be said. No credential is opened. */
export async function countFindings(pool: pg.Pool, { oldBefore, expiringBefore }: Before): Promise<Report> {
  const counts = findings.map((f) => `count(*) filter (where ${conditions[f]})::int as ${f}`)
  const { rows } = await pool.query<Report>(
    `select count(*)::int as credentials, ${counts.join(', ')}, count(*) filter (where v.fingerprint is null)::int as unchecked ${current}`,
    [weakBelow.password, weakBelow.key, oldBefore, expiringBefore],
  )
  return rows[0] as Report
}

export interface After {
  tier: number
  account: string
  credential: string
}

/** The credentials of which this is to be said, the most critical first. */
export async function pageOfFindings(
  pool: pg.Pool,
  find: Finding,
  { oldBefore, expiringBefore, after, limit }: Before & { after: After | undefined; limit: number },
): Promise<ReportRow[]> {
  const { rows } = await pool.query<ReportRow>(
    `select v.owner_id as account, v.what as credential, v.version, a.tier, v.created_at as made_at, v.bits,
       array(select distinct o.owner_id ${sameElsewhere} order by 1 limit 5) as same_as, ${peopleSince} as people, v.expires_at
     ${current} and ${conditions[find]} and (a.tier, v.owner_id, v.what) > ($5, $6, $7)
     order by a.tier, v.owner_id, v.what limit $8`,
    [
      ...[weakBelow.password, weakBelow.key, oldBefore, expiringBefore],
      ...[after?.tier ?? -1, after?.account ?? '', after?.credential ?? '', limit],
    ],
  )
  return rows
}
