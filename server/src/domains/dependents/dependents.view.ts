import type { AnswerOf, dependents as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import { readHow } from './how.ts'
import './tables.ts'

type Answer = AnswerOf<typeof api.dependents>
export type ShownDependent = Answer['dependents'][number]

/** What uses the credentials of one account, or of all; what was removed only when it is asked for by its id. */
export async function showDependents(
  db: Db,
  only: { account?: string | undefined; id?: string; after?: string | undefined; limit: number },
): Promise<Answer> {
  let rows = db
    .selectFrom('dependent as d')
    .innerJoin('account as a', 'a.id', 'd.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .innerJoin('target as h', 'h.id', 'd.host_id')
    .innerJoin('person as p', 'p.id', 'd.introduced_by')
    .leftJoin('dependent_news as n', 'n.dependent_id', 'd.id')
    .select(['d.id', 'd.account_id', 'd.credential', 'd.host_id', 'd.settings', 'd.state', 'd.created_at'])
    .select(['a.name as account', 't.name as target', 'h.name as host', 'p.name as person'])
    .select(['n.state as news', 'n.version', 'n.told_version', 'n.told_at', 'n.failures', 'n.due_at', 'n.error'])
  if (only.account !== undefined) rows = rows.where('d.account_id', '=', only.account)
  if (only.id === undefined) rows = rows.where('d.state', '<>', 'removed')
  else rows = rows.where('d.id', '=', only.id)
  if (only.after !== undefined)
    rows = rows.where(sql<boolean>`(d.created_at, d.id) > (select created_at, id from dependent where id = ${only.after})`)
  const found = await rows
    .orderBy('d.created_at')
    .orderBy('d.id')
    .limit(only.limit + 1)
    .execute()
  return {
    dependents: found.slice(0, only.limit).flatMap((d) => {
      const how = readHow(d.settings)
      if (!how.ok) return []
      return [
        {
          id: d.id,
          account: { id: d.account_id, name: d.account, target: d.target },
          credential: d.credential as ShownDependent['credential'],
          host: { id: d.host_id, name: d.host },
          how: how.value as ShownDependent['how'],
          state: d.state as ShownDependent['state'],
          addedBy: d.person,
          addedAt: d.created_at.toISOString(),
          news: d.news as ShownDependent['news'],
          version: d.version,
          toldVersion: d.told_version,
          toldAt: d.told_at?.toISOString() ?? null,
          failures: d.failures ?? 0,
          nextAt: d.news === 'waiting' ? (d.due_at?.toISOString() ?? null) : null,
          error: d.error,
        },
      ]
    }),
    next: found.length > only.limit ? (found[only.limit - 1]?.id ?? null) : null,
  }
}
