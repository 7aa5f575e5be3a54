import type { AnswerOf, inventory as api } from '@claviger/api'
import { type RawBuilder, sql } from 'kysely'
import { isLoginKind } from '../../kernel/credential-kinds.ts'
import { type Tier, tierLabel } from '../../kernel/tier.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export type ShownTarget = AnswerOf<typeof api.getTarget>
export type ShownAccount = AnswerOf<typeof api.getAccount>
type Credential = ShownAccount['credentials'][number]

/** A page of rows, how many there are in all, and what to ask for the page that follows. */
export interface Page<T> {
  rows: T[]
  total: number
  next: string | null
}
const pageOf = <T extends { id: string }>(rows: T[], limit: number, total: number): Page<T> => ({
  rows: rows.slice(0, limit),
  total,
  // one more than a page was asked for: only when it came does another page follow
  next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
})

/** Plain text in a column, whatever its letters' case: not a pattern, so that `%` and `_` find themselves. */
const holds = (column: RawBuilder<string>, text: string) => sql<boolean>`strpos(lower(${column}), lower(${text})) > 0`

export interface TargetFilter {
  id?: string | undefined
  search?: string | undefined
  kind?: string | undefined
  environment?: string | undefined
  tier?: number | undefined
  after?: string | undefined
  limit: number
}

/** Targets by name, for looking at; whatever decides asks the keeper. */
export async function showTargets(
  db: Db,
  capabilities: (kind: string) => readonly string[],
  only: TargetFilter,
): Promise<Page<ShownTarget>> {
  let matching = db.selectFrom('target as t')
  if (only.id !== undefined) matching = matching.where('t.id', '=', only.id)
  if (only.kind !== undefined) matching = matching.where('t.kind', '=', only.kind)
  if (only.environment !== undefined) matching = matching.where('t.environment', '=', only.environment)
  if (only.tier !== undefined) matching = matching.where('t.tier', '=', only.tier)
  if (only.search !== undefined)
    matching = matching.where(
      holds(sql`t.name || ' ' || coalesce(t.settings->>'host', '') || ':' || coalesce(t.settings->>'port', '')`, only.search),
    )
  const { n } = await matching.select(({ fn }) => fn.countAll<string>().as('n')).executeTakeFirstOrThrow()
  let page = matching
    .select([
      't.id',
      't.name',
      't.kind',
      't.environment',
      't.tier',
      't.settings',
      't.identity',
      't.manager',
      't.reconciler',
      't.scopes',
      't.last_discovery',
    ])
    .orderBy('t.name')
    .limit(only.limit + 1)
  if (only.after !== undefined) page = page.where('t.name', '>', db.selectFrom('target').select('name').where('id', '=', only.after))
  const rows = await page.execute()
  const states = await statesOf(
    db,
    rows.map((r) => r.id),
  )
  const shown = rows.map((t) => {
    const counts = states.get(t.id) ?? { found: 0, managed: 0, held: 0 }
    return {
      id: t.id,
      name: t.name,
      kind: t.kind,
      environment: t.environment as ShownTarget['environment'],
      tier: t.tier,
      tierLabel: tierLabel(t.tier as Tier),
      address: [t.settings.host, t.settings.port].filter((part) => part !== undefined).join(':'),
      settings: t.settings,
      identity: t.identity,
      manager: t.manager === '' ? null : t.manager,
      reconciler: t.reconciler,
      scopes: (t.scopes ?? []) as ShownTarget['scopes'],
      capabilities: [...capabilities(t.kind)],
      accounts: counts.found + counts.managed + counts.held,
      states: counts,
      lastDiscovery: t.last_discovery?.toISOString() ?? null,
    }
  })
  return pageOf(shown, only.limit, Number(n))
}

/** How many accounts of each state a page of targets has. */
async function statesOf(db: Db, targets: readonly string[]): Promise<Map<string, ShownTarget['states']>> {
  if (targets.length === 0) return new Map()
  const rows = await db
    .selectFrom('account')
    .select(['target_id', 'state', ({ fn }) => fn.countAll<string>().as('n')])
    .where('target_id', 'in', targets)
    .where('gone_at', 'is', null)
    .groupBy(['target_id', 'state'])
    .execute()
  const states = new Map<string, ShownTarget['states']>()
  for (const { target_id, state, n } of rows) {
    const counts = states.get(target_id) ?? { found: 0, managed: 0, held: 0 }
    counts[state as keyof typeof counts] = Number(n)
    states.set(target_id, counts)
  }
  return states
}

export interface AccountFilter {
  id?: string | undefined
  target?: string | undefined
  search?: string | undefined
  category?: string | undefined
  tier?: number | undefined
  state?: string | undefined
  after?: string | undefined
  limit: number
}

/** Accounts by target and name. `versions` tells what the vault holds of them: the database role of this process cannot see it. */
export async function showAccounts(
  db: Db,
  versions: (accounts: readonly string[]) => Promise<ReadonlyMap<string, Credential[]>>,
  only: AccountFilter,
): Promise<Page<ShownAccount>> {
  let matching = db.selectFrom('account as a').innerJoin('target as t', 't.id', 'a.target_id').where('a.gone_at', 'is', null)
  if (only.id !== undefined) matching = matching.where('a.id', '=', only.id)
  if (only.target !== undefined) matching = matching.where('t.name', '=', only.target)
  if (only.category !== undefined) matching = matching.where('a.category', '=', only.category)
  if (only.tier !== undefined) matching = matching.where('a.tier', '=', only.tier)
  if (only.state !== undefined) matching = matching.where('a.state', '=', only.state)
  if (only.search !== undefined) matching = matching.where(holds(sql`a.name || '@' || t.name`, only.search))
  const { n } = await matching.select(({ fn }) => fn.countAll<string>().as('n')).executeTakeFirstOrThrow()
  let page = matching
    .select([
      'a.id',
      'a.name',
      'a.category',
      'a.tier',
      'a.privileges',
      'a.authorised_keys',
      'a.state',
      'a.credentials',
      'a.observed_since',
      't.id as target_id',
      't.name as target',
      't.kind',
      't.environment',
      't.manager',
    ])
    .orderBy('t.name')
    .orderBy('a.name')
    .limit(only.limit + 1)
  if (only.after !== undefined)
    page = page.where(
      sql<boolean>`(t.name, a.name) > (select t2.name, a2.name from account a2 join target t2 on t2.id = a2.target_id where a2.id = ${only.after})`,
    )
  const rows = await page.execute()
  const credentials = await versions(rows.slice(0, only.limit).map((r) => r.id))
  const shown = rows.map((a) => ({
    id: a.id,
    name: a.name,
    target: { id: a.target_id, name: a.target, kind: a.kind, environment: a.environment as ShownTarget['environment'] },
    category: a.category as ShownAccount['category'],
    tier: a.tier,
    tierLabel: tierLabel(a.tier as Tier),
    privileges: a.privileges,
    state: a.state as ShownAccount['state'],
    byHand: a.manager === '',
    replaceable: a.manager !== '' && a.credentials.some(isLoginKind),
    observedSince: a.observed_since?.toISOString() ?? null,
    credentials: credentials.get(a.id) ?? [],
    authorisedKeys: a.authorised_keys,
  }))
  return pageOf(shown, only.limit, Number(n))
}

/** When the newest finished rotation of each credential was proven by a login. */
export async function lastVerified(
  db: Db,
  accounts: readonly string[],
): Promise<{ account_id: string; credential: string; at: Date | null }[]> {
  if (accounts.length === 0) return []
  return await db
    .selectFrom('rotation')
    .select(['account_id', 'credential', sql<Date | null>`max(verified_at)`.as('at')])
    .where('account_id', 'in', accounts)
    .where('state', '=', 'done')
    .groupBy(['account_id', 'credential'])
    .execute()
}

/** Who brought in which version of an account's credentials. */
export async function broughtIn(
  db: Db,
  account: string,
): Promise<{ credential: string; version: number; person: { id: string; name: string; displayName: string } }[]> {
  const { rows } = await sql<{ credential: string; version: number; id: string; name: string; display_name: string }>`
    select d.credential, d.version, p.id, p.name, p.display_name from deposit d join person p on p.id = d.person_id
    where d.account_id = ${account} and d.state = 'kept' order by d.at desc limit 500`.execute(db)
  return rows.map(({ credential, version, id, name, display_name: displayName }) => ({
    credential,
    version,
    person: { id, name, displayName },
  }))
}
