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

/**
 * What was imported, the newest first: what was tried on targets that Claviger reaches, and what was brought in together for others, which nobody but a
 * person rotates.
 */
export async function showImports(db: Db, { after, limit }: { after?: string | undefined; limit: number }): Promise<Shown> {
  const behind = after === undefined ? sql`true` : sql`(i.begun_at, i.id) < (select begun_at, id from every where id = ${after})`
  const { rows } = await sql<Row>`
    with every as (
      select id, source, begun_by, begun_at, null::int as entries, 0 as known from import
      union all
      select id, source, begun_by, begun_at, entries, known from deposit_batch
    ), page as (
      select i.* from every i where ${behind} order by i.begun_at desc, i.id desc limit ${limit + 1}
    )
    select i.id, i.source, p.name as by, i.begun_at as at, coalesce(d.kept, e.stored) as stored, e.refused,
      coalesce(i.entries - i.known - d.kept, e.failed) as failed, e.known + i.known as known, e.staged
    from page i
      join person p on p.id = i.begun_by
      cross join lateral (
        select count(*) filter (where e.outcome = 'stored')::int as stored,
          count(*) filter (where e.outcome = 'refused')::int as refused,
          count(*) filter (where e.outcome = 'failed')::int as failed,
          count(*) filter (where e.outcome = 'known')::int as known,
          count(*) filter (where e.outcome = 'stored' and e.ordered_at is null and a.state = 'found' and a.observed_since is null)::int as staged
        from import_entry e left join account a on a.id = e.account_id where e.import_id = i.id
      ) e
      left join lateral (
        select count(*) filter (where d.state = 'kept')::int as kept from deposit d where d.batch_id = i.id
      ) d on i.entries is not null
    order by i.begun_at desc, i.id desc`.execute(db)
  return {
    imports: rows.slice(0, limit).map((r) => ({ ...r, at: r.at.toISOString() })),
    next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
  }
}
