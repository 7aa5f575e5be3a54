import { sql } from 'kysely'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { SeenLogin } from '../../targets/contract.ts'
import './tables.ts'

/** The accounts of a target that are for emergencies, each with since when its logins count: since somebody first looked after it became one. */
export async function keepWatched(tx: Tx, target: TargetId, at: Date): Promise<{ id: AccountId; name: string; since: Date }[]> {
  await sql`
    delete from breakglass_watch w using account a
    where a.id = w.account_id and a.target_id = ${target} and a.break_glass is null`.execute(tx)
  await sql`
    insert into breakglass_watch (account_id, since)
    select a.id, ${at}::timestamptz from account a where a.target_id = ${target} and a.break_glass and a.gone_at is null
    on conflict (account_id) do nothing`.execute(tx)
  const { rows } = await sql<{ id: AccountId; name: string; since: Date }>`
    select a.id, a.name, w.since from account a join breakglass_watch w on w.account_id = a.id
    where a.target_id = ${target} and a.break_glass order by a.id`.execute(tx)
  return rows
}

/** `to` null: it goes on. */
interface Span {
  from: Date
  to: Date | null
}
export interface OwnWork {
  rotations: Span[]
  checks: Span[]
  sessions: Span[]
  kits: Span[]
}

/** When we worked with an account since then, and when kits of which we know were used for it. */
export async function ownWork(tx: Tx, account: AccountId, since: Date): Promise<OwnWork> {
  const spans = async (query: ReturnType<typeof sql<Span>>): Promise<Span[]> => (await query.execute(tx)).rows
  return {
    rotations: await spans(sql<Span>`
      select started_at as "from", finished_at as "to" from rotation
      where account_id = ${account} and (finished_at is null or finished_at >= ${since})`),
    checks: await spans(sql<Span>`
      select t.at as "from", t.at as "to" from credential_health h, lateral (values (h.worked_at), (h.refused_at)) as t(at)
      where h.account_id = ${account} and t.at >= ${since}
      union all
      select starts_at, coalesce(ended_at, ends_at) from breakglass_activation
      where kind = 'drill' and ${account} = any (accounts) and starts_at is not null and ends_at >= ${since}`),
    sessions: await spans(sql<Span>`
      select opened_at as "from", ended_at as "to" from session
      where account_id = ${account} and (ended_at is null or ended_at >= ${since})`),
    kits: await spans(sql<Span>`
      select started_at as "from", started_at as "to" from breakglass_recording where account_id = ${account} and started_at >= ${since}`),
  }
}

/** Whether an alarm was raised for this login; a target's clock is not the same at every look. */
export async function heldAgainst(tx: Tx, account: AccountId, { address, program }: SeenLogin, began: Date): Promise<boolean> {
  const near = (ms: number) => new Date(began.getTime() + ms)
  const found = await tx
    .selectFrom('breakglass_login')
    .select('account_id')
    .where('account_id', '=', account)
    .where('address', '=', address)
    .where('program', '=', program)
    .where('began_at', '>=', near(-jitterMs))
    .where('began_at', '<=', near(jitterMs))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
const jitterMs = 5_000

export async function putLogin(tx: Tx, account: AccountId, { address, program }: SeenLogin, began: Date, at: Date): Promise<void> {
  await tx
    .insertInto('breakglass_login')
    .values({ account_id: account, address, program, began_at: began, seen_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
