import type { AnswerOf, rotation as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Answer = AnswerOf<typeof api.rotationOrders>
export type ShownOrder = Answer['orders'][number]

/** Orders that are open or held, the next due first; or those that are done, the newest first. */
export async function showOrders(
  db: Db,
  only: {
    account?: string | undefined
    batch?: string | undefined
    state: 'open' | 'held' | 'done'
    after?: string | undefined
    limit: number
  },
): Promise<Answer> {
  let matching = db
    .selectFrom('rotation_order as o')
    .innerJoin('account as a', 'a.id', 'o.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .leftJoin('person as p', 'p.id', 'o.ordered_by')
    .where('o.state', 'in', only.state === 'open' ? ['waiting', 'held'] : [only.state])
  if (only.account !== undefined) matching = matching.where('o.account_id', '=', only.account)
  if (only.batch !== undefined)
    matching = matching.where('o.id', 'in', db.selectFrom('rotation_batch_item').select('order_id').where('batch_id', '=', only.batch))
  const { n } = await matching.select(({ fn }) => fn.countAll<string>().as('n')).executeTakeFirstOrThrow()
  const done = only.state === 'done'
  let page = matching
    .select(['o.id', 'o.account_id', 'o.trigger', 'o.state', 'o.failures', 'o.ordered_at', 'o.due_at', 'o.tried_at'])
    .select(['o.finished_at', 'o.error', 'o.reconcile', 'a.name as account', 't.name as target', 'p.name as person'])
  if (only.after !== undefined)
    page = page.where(
      done
        ? sql<boolean>`(o.finished_at, o.id) < (select finished_at, id from rotation_order where id = ${only.after})`
        : sql<boolean>`(o.due_at, o.id) > (select due_at, id from rotation_order where id = ${only.after})`,
    )
  const rows = await page
    .orderBy(done ? 'o.finished_at' : 'o.due_at', done ? 'desc' : 'asc')
    .orderBy('o.id', done ? 'desc' : 'asc')
    .limit(only.limit + 1)
    .execute()
  return {
    orders: rows.slice(0, only.limit).map((o) => ({
      id: o.id,
      account: { id: o.account_id, name: o.account, target: o.target },
      trigger: o.trigger as ShownOrder['trigger'],
      state: o.state as ShownOrder['state'],
      failures: o.failures,
      orderedAt: o.ordered_at.toISOString(),
      orderedBy: o.person,
      dueAt: o.due_at.toISOString(),
      triedAt: o.tried_at?.toISOString() ?? null,
      finishedAt: o.finished_at?.toISOString() ?? null,
      error: o.error,
      byReconciler: o.reconcile,
    })),
    total: Number(n),
    next: rows.length > only.limit ? (rows[only.limit - 1]?.id ?? null) : null,
  }
}
