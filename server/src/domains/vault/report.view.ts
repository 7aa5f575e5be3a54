import type { AnswerOf, credentials as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { type Tier, tierLabel } from '../../kernel/tier.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Report = AnswerOf<typeof api.credentialReport>
type ShownAccount = Report['credentials'][number]['account']

/** The keeper's report with the names of accounts. `after` is `tier:account:credential`. */
export async function showReport(
  db: Db,
  keeper: Keeper,
  {
    find,
    days,
    within = 30,
    after,
    limit,
  }: { find?: api.Finding | undefined; days: number; within?: number; after?: string | undefined; limit: number },
): Promise<Result<Report, KeeperRefusal>> {
  const [tier, account, credential] = after?.split(':') ?? []
  const behind = account && credential ? { tier: Number(tier), account, credential } : null
  const answer = await keeper.ask('credentialReport', { find: find ?? null, days, within, after: behind, limit: limit + 1 })
  if (!answer.ok) return answer
  const rows = answer.value.rows.slice(0, limit)
  const names = await namesOf(db, [...rows.map((r) => r.account), ...rows.flatMap((r) => r.sameAs)])
  const credentials = rows.flatMap(({ account, sameAs, ...row }) => {
    const its = names.get(account)
    if (!its) return []
    return [{ ...row, account: its, tierLabel: tierLabel(row.tier as Tier), sameAs: sameAs.flatMap((id) => names.get(id) ?? []) }]
  })
  const last = rows.at(-1)
  const next = last && answer.value.rows.length > limit ? `${last.tier}:${last.account}:${last.credential}` : null
  return ok({ counts: answer.value.counts, credentials, next })
}

async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, ShownAccount>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.id', 'a.name', 't.name as target'])
    .where('a.id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
