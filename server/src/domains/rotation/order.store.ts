import { sql } from 'kysely'
import { gatherFor } from '../../kernel/gather.ts'
import type { AccountId, OrderId, PersonId, TargetId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { Trigger } from './rotation.store.ts'
import './tables.ts'

export interface OrderRow {
  id: OrderId
  account_id: AccountId
  trigger: Trigger
  reason: string
  ordered_by: PersonId | null
  ordered_at: Date
  generation: number
  state: 'waiting' | 'held' | 'done'
  failures: number
  due_at: Date
  reconcile: boolean
  tried_at: Date | null
  error: string | null
}

const columns = [
  ...(['id', 'account_id', 'trigger', 'reason', 'ordered_by', 'ordered_at', 'generation'] as const),
  ...(['state', 'failures', 'due_at', 'reconcile', 'tried_at', 'error'] as const),
] as const

export interface NewOrder {
  account: AccountId
  trigger: Trigger
  reason: string
  by: PersonId | null
  at: Date
  due: Date
}

/**
 * Orders a rotation. Where one is open, it becomes that: due at the earlier time, and an attempt that runs already does not finish it, since what
 * is ordered now may be about what came after it began. `compromise` outlasts whatever else it was ordered for.
 */
export async function putOrder(tx: Tx, order: NewOrder): Promise<OrderRow> {
  const [row] = await putOrders(tx, [order])
  if (!row) throw new Error('an order was not put')
  return row
}

/** The same for many accounts, each once, in one statement. */
export async function putOrders(tx: Tx, orders: readonly NewOrder[]): Promise<OrderRow[]> {
  return (await tx
    .insertInto('rotation_order')
    .values(
      orders.map(({ account, trigger, reason, by, at, due }) => ({
        ...{ id: newId('ord'), account_id: account, trigger, reason, ordered_by: by, ordered_at: at, due_at: due },
        ...{ tried_at: null, error: null, finished_at: null },
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['account_id']).where('state', 'in', ['waiting', 'held']).doUpdateSet({
        trigger: sql`case when rotation_order.trigger = 'compromise' then rotation_order.trigger else excluded.trigger end`,
        reason: sql`case when rotation_order.trigger = 'compromise' then rotation_order.reason else excluded.reason end`,
        ordered_by: sql`excluded.ordered_by`,
        ordered_at: sql`excluded.ordered_at`,
        generation: sql`rotation_order.generation + 1`,
        due_at: sql`least(rotation_order.due_at, excluded.due_at)`,
      }),
    )
    .returning(columns)
    .execute()) as OrderRow[]
}

export async function lockOrder(tx: Tx, id: OrderId): Promise<OrderRow | undefined> {
  return (await tx.selectFrom('rotation_order').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as OrderRow | undefined
}

/** The order of an account that is not worked off yet. */
export async function openOrder(tx: Tx, account: AccountId): Promise<OrderRow | undefined> {
  return (await tx
    .selectFrom('rotation_order')
    .select(columns)
    .where('account_id', '=', account)
    .where('state', 'in', ['waiting', 'held'])
    .forUpdate()
    .executeTakeFirst()) as OrderRow | undefined
}

/**
 * Notes that an order is tried now, where it waits and is due, or `early`; those of several in one commit. Undefined for any other. Due: its time has
 * come; or it was ordered or tried at a time that is yet to come, so a clock was ahead then, and whatever that clock made it wait for is nothing to wait
 * for. `dueOrders` asks the same.
 */
export const takeOrder = gatherFor<Db, { id: OrderId; at: Date; early: boolean }, OrderRow | undefined>(
  async (db, asked) => {
    const { rows } = await sql<OrderRow>`
      with asked as (select * from unnest(${asked.map(({ id }) => id)}::text[], ${asked.map(({ at }) => at)}::timestamptz[],
          ${asked.map(({ early }) => early)}::boolean[]) as a (id, at, early)),
      found as (select o.id from rotation_order o where o.id in (select id from asked) order by o.id for update)
      update rotation_order o set tried_at = a.at from asked a, found f
      where f.id = o.id and a.id = o.id and o.state = 'waiting' and (a.early or o.due_at <= a.at or o.ordered_at > a.at or o.tried_at > a.at)
      returning ${sql.join(columns.map((column) => sql.ref(`o.${column}`)))}`.execute(db)
    const taken = new Map(rows.map((row) => [row.id, row]))
    return asked.map(({ id }) => taken.get(id))
  },
  { key: ({ id }) => id, ofOne: isAboutOneRow },
)

/** Of each target that something is due on, what comes first: the account that manages it, since the others wait for it; then the oldest. */
export async function dueOrders(tx: Tx, at: Date, targets: number): Promise<{ id: OrderId; target: TargetId }[]> {
  const first = tx
    .selectFrom('rotation_order as o')
    .innerJoin('account as a', 'a.id', 'o.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['o.id', 'a.target_id as target', 'o.due_at'])
    .distinctOn('a.target_id')
    .where('o.state', '=', 'waiting')
    .where((eb) => eb.or([eb('o.due_at', '<=', at), eb('o.ordered_at', '>', at), eb('o.tried_at', '>', at)]))
    .orderBy('a.target_id')
    .orderBy((eb) => eb('a.name', '<>', eb.ref('t.manager')))
    .orderBy('o.due_at')
  const rows = await tx.selectFrom(first.as('f')).select(['f.id', 'f.target']).orderBy('f.due_at').limit(targets).execute()
  return rows as { id: OrderId; target: TargetId }[]
}

/**
 * What is due on one target: the account that manages it first, then the oldest. `way`: the account gets into its target to manage it, and
 * whoever else is rotated there logs in as it.
 */
export async function dueOn(tx: Tx, target: TargetId, at: Date, most: number): Promise<{ id: OrderId; way: boolean }[]> {
  const rows = await tx
    .selectFrom('rotation_order as o')
    .innerJoin('account as a', 'a.id', 'o.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['o.id', 'a.name', 't.manager', 't.reconciler'])
    .where('a.target_id', '=', target)
    .where('o.state', '=', 'waiting')
    .where((eb) => eb.or([eb('o.due_at', '<=', at), eb('o.ordered_at', '>', at), eb('o.tried_at', '>', at)]))
    .orderBy((eb) => eb('a.name', '<>', eb.ref('t.manager')))
    .orderBy('o.due_at')
    .limit(most)
    .execute()
  return rows.map(({ id, name, manager, reconciler }) => ({ id: id as OrderId, way: name === manager || name === reconciler }))
}

export interface OrderChange {
  state?: OrderRow['state']
  failures?: number
  due_at?: Date
  reconcile?: boolean
  tried_at?: Date
  error?: string | null
  finished_at?: Date
}

export async function changeOrder(tx: Tx, id: OrderId, change: OrderChange): Promise<void> {
  await tx.updateTable('rotation_order').set(change).where('id', '=', id).execute()
}

/** What became of orders whose attempts worked: done, or to be tried again at once where they were `again` given meanwhile. */
export async function endOrders(tx: Tx, all: readonly { id: OrderId; at: Date; again: boolean }[]): Promise<void> {
  await sql`
    update rotation_order o set error = null,
      state = case when e.again then o.state else 'done' end, finished_at = case when e.again then null else e.at end,
      due_at = case when e.again then e.at else o.due_at end, failures = case when e.again then 0 else o.failures end,
      reconcile = o.reconcile and not e.again
    from unnest(${all.map(({ id }) => id)}::text[], ${all.map(({ at }) => at)}::timestamptz[], ${all.map(({ again }) => again)}::boolean[]) as e (id, at, again)
    where o.id = e.id`.execute(tx)
}

export async function lockOrders(tx: Tx, ids: readonly OrderId[]): Promise<OrderRow[]> {
  const found = tx.selectFrom('rotation_order').select(columns)
  return (await found.where('id', 'in', ids).orderBy('id').forUpdate().execute()) as OrderRow[]
}

/** Those that wait for an account of this target, or for any: their time has come when the way in is good again. */
export async function bringForward(tx: Tx, target: TargetId, at: Date): Promise<void> {
  await tx
    .updateTable('rotation_order')
    .set({ due_at: at })
    .where('state', '=', 'waiting')
    .where('due_at', '>', at)
    .where('error', 'in', ['rotation.waits_for_manager', 'rotation.other_in_doubt'])
    .where('account_id', 'in', tx.selectFrom('account').select('id').where('target_id', '=', target))
    .execute()
}
