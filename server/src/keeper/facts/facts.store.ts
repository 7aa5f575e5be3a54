import type pg from 'pg'
import type { FactKind } from './fact.ts'
import { factColumns } from './tables.ts'

export interface FactRow {
  row: Record<string, unknown>
  revision: number
  mac: Buffer
}

const select = (kind: FactKind): string => `select ${factColumns[kind].map((c) => `"${c}"`).join(', ')}, revision, mac from "${kind}"`

const split = ({ revision, mac, ...row }: Record<string, unknown>): FactRow => ({ row, revision: revision as number, mac: mac as Buffer })

/** Reads the attested columns of one row. Table and columns come from our own table of facts, never from outside. */
export async function readFactRow(pool: pg.Pool, kind: FactKind, id: string): Promise<FactRow | undefined> {
  const { rows } = await pool.query<Record<string, unknown>>(`${select(kind)} where id = $1`, [id])
  return rows[0] && split(rows[0])
}

/** Ids of rows that belong to another row. */
export async function idsWhere(pool: pg.Pool, kind: FactKind, column: string, value: string, state?: string): Promise<string[]> {
  if (!factColumns[kind].includes(column)) throw new Error(`${kind} has no attested column ${column}`)
  const { rows } = await pool.query<{ id: string }>(
    `select id from "${kind}" where "${column}" = $1 ${state === undefined ? '' : 'and state = $2'} order by id limit 1000`,
    state === undefined ? [value] : [value, state],
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
