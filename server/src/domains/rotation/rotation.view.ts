import type { AnswerOf, inventory as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export type ShownRotation = AnswerOf<typeof api.rotations>['rotations'][number]

/** Rotations, newest first; or exactly these. */
export async function showRotations(
  db: Db,
  filter: { account?: string | undefined; ids?: readonly string[]; after?: string | undefined; limit: number },
): Promise<ShownRotation[]> {
  let query = db
    .selectFrom('rotation as r')
    .innerJoin('account as a', 'a.id', 'r.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select([
      'r.id',
      'r.account_id',
      'r.credential',
      'r.trigger',
      'r.state',
      'r.attempt',
      'r.version',
      'r.started_at',
      'r.verified_at',
      'r.old_refused_at',
      'r.old_valid_until',
      'r.finished_at',
      'r.removed',
      'r.error',
    ])
    .select(['a.name as account', 't.name as target'])
  if (filter.account !== undefined) query = query.where('r.account_id', '=', filter.account)
  if (filter.ids !== undefined) query = query.where('r.id', 'in', filter.ids)
  if (filter.after !== undefined)
    query = query.where(sql<boolean>`(r.started_at, r.id) < (select started_at, id from rotation where id = ${filter.after})`)
  const rows = await query.orderBy('r.started_at', 'desc').orderBy('r.id', 'desc').limit(filter.limit).execute()
  return rows.map((r) => ({
    id: r.id,
    account: { id: r.account_id, name: r.account, target: r.target },
    credential: r.credential as ShownRotation['credential'],
    trigger: r.trigger as ShownRotation['trigger'],
    state: r.state as ShownRotation['state'],
    attempt: r.attempt,
    version: r.version,
    startedAt: r.started_at.toISOString(),
    verifiedAt: r.verified_at?.toISOString() ?? null,
    oldRefusedAt: r.old_refused_at?.toISOString() ?? null,
    oldValidUntil: r.old_valid_until?.toISOString() ?? null,
    finishedAt: r.finished_at?.toISOString() ?? null,
    removed: r.removed,
    error: r.error,
  }))
}

export async function accountState(db: Db, id: string): Promise<string | undefined> {
  return (await db.selectFrom('account').select('state').where('id', '=', id).executeTakeFirst())?.state
}
