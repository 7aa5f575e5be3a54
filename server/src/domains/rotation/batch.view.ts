import type { AnswerOf, rotation as api } from '@claviger/api'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.rotationBatch>

/** How far a batch is. An account that was held meanwhile waits for somebody. */
export const showBatch = async (db: Db, id: string): Promise<Shown | undefined> => (await batches(db, sql`b.id = ${id}`, 1))[0]

/** Batches, the newest first; `limit` and one more, where another page follows. */
export const showBatches = (db: Db, page: { after?: string | undefined; limit: number }): Promise<Shown[]> =>
  batches(
    db,
    page.after === undefined ? sql`true` : sql`(b.ordered_at, b.id) < (select ordered_at, id from rotation_batch where id = ${page.after})`,
    page.limit,
  )

async function batches(db: Db, which: RawBuilder<unknown>, limit: number): Promise<Shown[]> {
  const { rows } = await sql<{
    id: string
    reason: string
    person: string
    at: Date
    n: number
    done: number
    failing: number
    held: number
  }>`
    select b.id, b.reason, p.name as person, b.ordered_at as at, count(*)::int as n,
      count(*) filter (where o.state = 'done')::int as done,
      count(*) filter (where o.state = 'waiting' and o.failures > 0)::int as failing,
      count(*) filter (where o.state = 'held')::int as held
    from (select * from rotation_batch b where ${which} order by b.ordered_at desc, b.id desc limit ${limit}) b
      join person p on p.id = b.ordered_by
      join rotation_batch_item i on i.batch_id = b.id
      join rotation_order o on o.id = i.order_id
    group by b.id, b.reason, b.ordered_at, p.name
    order by b.ordered_at desc, b.id desc`.execute(db)
  return rows.map((b) => ({
    id: b.id,
    reason: b.reason,
    orderedBy: b.person,
    orderedAt: b.at.toISOString(),
    accounts: b.n,
    done: b.done,
    failing: b.failing,
    held: b.held,
  }))
}
