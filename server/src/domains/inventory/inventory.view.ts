import type { AnswerOf, inventory as api } from '@claviger/api'
import { sql } from 'kysely'
import { type Tier, tierLabel } from '../../kernel/tier.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export type ShownTarget = AnswerOf<typeof api.getTarget>
export type ShownAccount = AnswerOf<typeof api.getAccount>
type Credential = ShownAccount['credentials'][number]

/** Targets by name, for looking at; whatever decides asks the keeper. */
export async function showTargets(
  db: Db,
  capabilities: (kind: string) => readonly string[],
  only: { id?: string; limit: number },
): Promise<ShownTarget[]> {
  let query = db
    .selectFrom('target as t')
    .select(['t.id', 't.name', 't.kind', 't.environment', 't.tier', 't.settings', 't.identity', 't.last_discovery'])
    .select(({ selectFrom }) =>
      selectFrom('account as a')
        .whereRef('a.target_id', '=', 't.id')
        .where('a.gone_at', 'is', null)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('accounts'),
    )
  if (only.id !== undefined) query = query.where('t.id', '=', only.id)
  const rows = await query.orderBy('t.name').limit(only.limit).execute()
  return rows.map((t) => ({
    id: t.id,
    name: t.name,
    kind: t.kind,
    environment: t.environment as ShownTarget['environment'],
    tier: t.tier,
    tierLabel: tierLabel(t.tier as Tier),
    address: `${t.settings.host}:${t.settings.port}`,
    settings: t.settings,
    identity: t.identity,
    capabilities: [...capabilities(t.kind)],
    accounts: Number(t.accounts ?? 0),
    lastDiscovery: t.last_discovery?.toISOString() ?? null,
  }))
}

/** Accounts by target and name. `versions` tells what the vault holds of them: the database role of this process cannot see it. */
export async function showAccounts(
  db: Db,
  versions: (accounts: readonly string[]) => Promise<ReadonlyMap<string, Credential[]>>,
  only: { id?: string; target?: string; limit: number },
): Promise<ShownAccount[]> {
  let query = db
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select([
      'a.id',
      'a.name',
      'a.category',
      'a.tier',
      'a.privileges',
      'a.authorised_keys',
      'a.state',
      't.id as target_id',
      't.name as target',
      't.kind',
      't.environment',
    ])
    .where('a.gone_at', 'is', null)
  if (only.id !== undefined) query = query.where('a.id', '=', only.id)
  if (only.target !== undefined) query = query.where('t.name', '=', only.target)
  const rows = await query.orderBy('t.name').orderBy('a.name').limit(only.limit).execute()
  const credentials = await versions(rows.map((r) => r.id))
  return rows.map((a) => ({
    id: a.id,
    name: a.name,
    target: { id: a.target_id, name: a.target, kind: a.kind, environment: a.environment as ShownTarget['environment'] },
    category: a.category as ShownAccount['category'],
    tier: a.tier,
    tierLabel: tierLabel(a.tier as Tier),
    privileges: a.privileges,
    state: a.state as ShownAccount['state'],
    credentials: credentials.get(a.id) ?? [],
    authorisedKeys: a.authorised_keys,
  }))
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
