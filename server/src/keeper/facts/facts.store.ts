import type pg from 'pg'
import { gatherFor } from '../../kernel/gather.ts'
import type { FactKind } from './fact.ts'
import { factColumns } from './tables.ts'

export interface FactRow {
  row: Record<string, unknown>
  revision: number
  mac: Buffer
}

/** Attested columns and what they must say; at least one. */
export type Match = Readonly<Record<string, string>>

const select = (kind: FactKind): string => `select ${factColumns[kind].map((c) => `"${c}"`).join(', ')}, revision, mac from "${kind}"`

const split = ({ revision, mac, ...row }: Record<string, unknown>): FactRow => ({ row, revision: revision as number, mac: mac as Buffer })

/** Reads the attested columns of one row, those that are asked for together in one statement. Table and columns come from our own table of facts, never from outside. */
export const readFactRow = (pool: pg.Pool, kind: FactKind, id: string): Promise<FactRow | undefined> => readers[kind](pool, id)

const readers = Object.fromEntries(
  Object.keys(factColumns).map((kind) => [
    kind,
    gatherFor<pg.Pool, string, FactRow | undefined>(async (pool, ids) => {
      const rows = await readFactRows(pool, kind as FactKind, [...new Set(ids)])
      return ids.map((id) => rows.get(id))
    }),
  ]),
) as Record<FactKind, (pool: pg.Pool, id: string) => Promise<FactRow | undefined>>

/** The same of several rows at once, by id. */
export async function readFactRows(pool: pg.Pool, kind: FactKind, ids: readonly string[]): Promise<Map<string, FactRow>> {
  const { rows } = await pool.query<Record<string, unknown>>(`${select(kind)} where id = any($1)`, [ids])
  return new Map(rows.map((row) => [String(row.id), split(row)]))
}

/** Ids of rows that say this in these columns. */
export async function idsWhere(pool: pg.Pool, kind: FactKind, match: Match): Promise<string[]> {
  const columns = Object.keys(match)
  const unknown = columns.find((column) => !factColumns[kind].includes(column))
  if (unknown || columns.length === 0) throw new Error(`${kind} has no attested column ${unknown}`)
  const { rows } = await pool.query<{ id: string }>(
    `select id from "${kind}" where ${columns.map((column, i) => `"${column}" = $${i + 1}`).join(' and ')} order by id limit 1000`,
    Object.values(match),
  )
  return rows.map((r) => r.id)
}

/** Policies as the database says them, to be compared with what was attested. */
export async function storedPolicies(pool: pg.Pool): Promise<{ id: string; name: string; text: string; revision: number }[]> {
  return (
    await pool.query<{ id: string; name: string; text: string; revision: number }>(
      'select id, name, text, revision from policy order by id limit 2000',
    )
  ).rows
}
