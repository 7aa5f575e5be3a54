import type { AnswerOf, rotation as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.rotationBatch>

/** How far a batch is. An account that was held meanwhile waits for somebody. */
export async function showBatch(db: Db, id: string): Promise<Shown | undefined> {
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
    from rotation_batch b
      join person p on p.id = b.ordered_by
      join rotation_batch_item i on i.batch_id = b.id
      join rotation_order o on o.id = i.order_id
    where b.id = ${id}
    group by b.id, p.name`.execute(db)
  const [b] = rows
  return (
    b && {
      id: b.id,
      reason: b.reason,
      orderedBy: b.person,
      orderedAt: b.at.toISOString(),
      accounts: b.n,
      done: b.done,
      failing: b.failing,
      held: b.held,
    }
  )
}
