import type { AnswerOf, onboarding as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.imports>
type Row = {
  id: string
  source: string
  by: string
  at: Date
  stored: number
  refused: number
  failed: number
  known: number
  staged: number
}

/** What was imported, the newest first. */
export async function showImports(db: Db, { after, limit }: { after?: string | undefined; limit: number }): Promise<Shown> {
  const behind = after === undefined ? sql`true` : sql`(i.begun_at, i.id) < (select begun_at, id from import where id = ${after})`
  const { rows } = await sql<Row>`
    select i.id, i.source, p.name as by, i.begun_at as at,
      count(*) filter (where e.outcome = 'stored')::int as stored,
      count(*) filter (where e.outcome = 'refused')::int as refused,
      count(*) filter (where e.outcome = 'failed')::int as failed,
      count(*) filter (where e.outcome = 'known')::int as known,
      count(*) filter (where e.outcome = 'stored' and e.ordered_at is null and a.state = 'found' and a.observed_since is null)::int as staged
    from import i
      join person p on p.id = i.begun_by
      left join import_entry e on e.import_id = i.id
      left join account a on a.id = e.account_id
    where ${behind}
    group by i.id, p.name
    order by i.begun_at desc, i.id desc
    limit ${limit + 1}`.execute(db)
  return {
    imports: rows.slice(0, limit).map((r) => ({ ...r, at: r.at.toISOString() })),
    next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
  }
}
