import { sql } from 'kysely'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import { onlyBroughtIn } from './kept-by-hand.store.ts'
import './tables.ts'

/** After which age a credential is replaced, and how often each is tried; milliseconds. */
export interface Ages {
  serviceMs: number
  humanMs: number
  verifyMs: number
}

/** Accounts that programs log in with; people are behind all others. */
const services = ['service', 'application', 'cloud-iam']

/** Nobody's credential is replaced under their hands because of its age, for so long: grants after grants do not put it off for ever. */
const longestWaitMs = 24 * 3600_000

/** 0 to 1, the same for an account for ever: what was taken over in one night does not fall due in one night. */
const spread = sql<number>`(('x' || substr(md5(a.id), 1, 8))::bit(32)::bigint / 4294967296.0)`
/** What password policies say at most: the shortest of those that are for this account. `domains/vault` writes them. */
const policyAge = sql`(select min(p.max_age_days) * 86400000.0 from password_policy p
  where p.state = 'active' and p.max_age_days is not null and (p.tier is null or p.tier = a.tier) and (p.target_id is null or p.target_id = a.target_id)
    and (p.kind is null or p.kind = (select t.kind from target t where t.id = a.target_id)))`
export const ageOf = ({ serviceMs, humanMs }: Ages) => sql<number>`least(
  coalesce(c.max_age_seconds * 1000.0, case when a.category = any(${services}) then ${serviceMs}::float8 else ${humanMs}::float8 end), ${policyAge})`
/** Up to a tenth earlier than the age says, never later. */
export const rotationDue = (ages: Ages) => sql<Date>`c.rotated_at + (${ageOf(ages)} * (1 - ${spread} / 10)) * interval '1 millisecond'`
export const verificationDue = ({ verifyMs }: Ages) =>
  sql<Date>`c.verified_at + (${verifyMs}::float8 * (1 - ${spread} / 4)) * interval '1 millisecond'`

/** Accounts that were taken over since we last looked; not those whose credentials people bring in. The first look at each is spread over the whole time between two. */
export async function beginCare(tx: Tx, at: Date, { verifyMs }: Ages): Promise<void> {
  await sql`
    insert into account_care (account_id, rotated_at, verified_at)
    select a.id,
      coalesce((select max(r.finished_at) from rotation r where r.account_id = a.id and r.state = 'done'), ${at}::timestamptz),
      ${at}::timestamptz - ${verifyMs}::float8 * ${spread} * interval '1 millisecond'
    from account a join target t on t.id = a.target_id and t.manager <> ''
    where a.state <> 'found' and not exists (select 1 from account_care c where c.account_id = a.id)
    on conflict do nothing`.execute(tx)
}

/** Managed accounts of which no rotation is ordered. */
export const unordered = (tx: Tx | Db) =>
  tx
    .selectFrom('account as a')
    .innerJoin('account_care as c', 'c.account_id', 'a.id')
    .where('a.state', '=', 'managed')
    .where('a.gone_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('rotation_order as o')
            .select('o.id')
            .whereRef('o.account_id', '=', 'a.id')
            .where('o.state', 'in', ['waiting', 'held']),
        ),
      ),
    )

/** Accounts whose credentials are old enough and that nobody ordered yet, the oldest first. */
export async function oldEnough(tx: Tx, at: Date, ages: Ages, limit: number): Promise<AccountId[]> {
  const rows = await unordered(tx)
    .select('a.id')
    .where(({ not }) => not(onlyBroughtIn))
    .where(rotationDue(ages), '<=', at)
    .where((eb) =>
      eb.or([
        eb(rotationDue(ages), '<=', new Date(at.getTime() - longestWaitMs)),
        eb.not(
          eb.exists(
            eb.selectFrom('access_grant as g').select('g.id').whereRef('g.account_id', '=', 'a.id').where('g.state', '=', 'active'),
          ),
        ),
      ]),
    )
    .orderBy(rotationDue(ages))
    .limit(limit)
    .execute()
  return rows.map((r) => r.id as AccountId)
}

/** Accounts whose credentials are to be tried, with their targets; one whose rotation is ordered is proven by that. */
export async function toVerify(tx: Tx, at: Date, ages: Ages, limit: number): Promise<{ account: AccountId; target: TargetId }[]> {
  const rows = await unordered(tx)
    .select(['a.id as account', 'a.target_id as target'])
    .where(verificationDue(ages), '<=', at)
    .orderBy('c.verified_at')
    .limit(limit)
    .execute()
  return rows as { account: AccountId; target: TargetId }[]
}

/** Its credentials were tried. */
export async function markTried(tx: Tx, account: AccountId, at: Date): Promise<void> {
  await tx
    .insertInto('account_care')
    .values({ account_id: account, rotated_at: at, verified_at: at, max_age_seconds: null })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ verified_at: at }))
    .execute()
}

/** The credentials of these were replaced, which proves them. */
export async function markReplaced(tx: Tx, all: readonly { account: AccountId; at: Date }[]): Promise<void> {
  await sql`
    insert into account_care (account_id, rotated_at, verified_at)
    select c.account, c.at, c.at from unnest(${all.map(({ account }) => account)}::text[], ${all.map(({ at }) => at)}::timestamptz[]) as c (account, at)
    on conflict (account_id) do update set rotated_at = excluded.rotated_at, verified_at = excluded.verified_at`.execute(tx)
}

export async function setMaxAge(tx: Tx, account: AccountId, at: Date, seconds: number | null): Promise<void> {
  await tx
    .insertInto('account_care')
    .values({ account_id: account, rotated_at: at, verified_at: at, max_age_seconds: seconds })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ max_age_seconds: seconds }))
    .execute()
}
