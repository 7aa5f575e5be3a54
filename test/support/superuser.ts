import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** The product's own database as an attacker with all of it sees it: its superuser, with no trigger and no constraint in the way. */
export interface Superuser {
  sql<R extends pg.QueryResultRow = Record<string, unknown>>(text: string, values?: unknown[]): Promise<R[]>
  /** Copies a row, lets `attack` change it, runs `during`, and puts the row back as it was. */
  forging<T>(row: { table: string; id: string }, attack: string, values: unknown[], during: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export async function openSuperuser(data: string): Promise<Superuser> {
  const client = new pg.Client({
    host: join(data, 'run', 'postgres'),
    port: 5432,
    user: 'postgres',
    password: readFileSync(join(data, 'secrets', 'database-superuser'), 'utf8').trim(),
    database: 'claviger',
    connectionTimeoutMillis: 60_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('set session_replication_role = replica')
  const sql: Superuser['sql'] = async (text, values = []) => (await client.query(text, values)).rows as never
  return {
    sql,
    async forging({ table, id }, attack, values, during) {
      const name = client.escapeIdentifier(table)
      await sql(`create temp table kept as select * from ${name} where id = $1`.replace('$1', client.escapeLiteral(id)))
      try {
        await sql(attack, values)
        return await during()
      } finally {
        await sql(`delete from ${name} where id = $1`, [id])
        await sql(`insert into ${name} select * from kept`)
        await sql('drop table kept')
      }
    },
    close: () => client.end(),
  }
}
