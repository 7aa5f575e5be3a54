import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { listed, quoted, shapes, type TableShape } from './dump-tables.ts'
import type { DbConnection } from './open-db.ts'

/** An empty database that is being filled: one transaction, of which nothing is left unless it is kept. */
export interface Load {
  tables: readonly TableShape[]
  /** Rows in COPY's text format into a table of ours. */
  fill(table: TableShape, rows: AsyncIterable<Uint8Array>): Promise<void>
  /** Rows per table, as they are there now. */
  count(table: TableShape): Promise<number>
  record(): Promise<string | undefined>
  /** Entries that have a place, in order; the columns that its tree is made of. */
  entries(): AsyncGenerator<{ place: number; bytes: Buffer }>
  newestCheckpoint(): Promise<string | undefined>
  /** Makes the foreign keys again, which looks at every row that has one, and commits. Throws, and leaves nothing, when a row does not fit. */
  keep(): Promise<void>
  /** Leaves nothing. */
  drop(): Promise<void>
}

interface Foreign {
  table: string
  name: string
  definition: string
}

/**
 * Begins to fill a database that has the tables and nothing in them. Foreign keys are taken away for the time, since tables come in any order and
 * only a superuser could suspend them; triggers are for what happens and not for what happened.
 */
export async function openLoad(owner: DbConnection): Promise<Load> {
  const client = new pg.Client({ ...owner, application_name: 'claviger restore' })
  client.on('error', () => undefined)
  await client.connect()
  let foreign: Foreign[]
  let tables: TableShape[]
  try {
    await client.query('begin')
    tables = await shapes(client)
    foreign = (
      await client.query<Foreign>(
        `select n.nspname || '.' || c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
         from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         where k.contype = 'f' and n.nspname = any($1) and k.conparentid = 0 order by 1, 2`,
        [['public', 'vault']],
      )
    ).rows
    for (const { table, name } of foreign)
      await client.query(`alter table ${quoted(client, table)} drop constraint ${client.escapeIdentifier(name)}`)
    for (const { name } of tables) {
      await client.query(`alter table ${quoted(client, name)} disable trigger user`)
      // a migration may lay down a row, such as the sequencer's
      if (name !== 'public.migration') await client.query(`delete from ${quoted(client, name)}`)
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  const one = async <R extends pg.QueryResultRow>(text: string): Promise<R | undefined> => (await client.query<R>(text)).rows[0]
  const end = async (how: 'commit' | 'rollback') => {
    try {
      await client.query(how)
    } finally {
      await client.end()
    }
  }
  return {
    tables,
    async fill({ name, columns }, rows) {
      const into = client.query(copyFrom(`copy ${quoted(client, name)} (${listed(client, columns)}) from stdin`))
      await pipeline(Readable.from(rows, { objectMode: true }), into)
    },
    count: async ({ name }) => Number((await one<{ n: string }>(`select count(*) as n from ${quoted(client, name)}`))?.n ?? 0),
    record: async () => (await one<{ record: string }>('select record from vault.installation'))?.record,
    async *entries() {
      for (let next = 0; ; ) {
        const { rows } = await client.query<{ place: string; bytes: Buffer }>(
          'select place, bytes from ledger_entry where place > $1 order by place limit 2000',
          [next],
        )
        for (const { place, bytes } of rows) yield { place: Number(place), bytes }
        const last = rows.at(-1)
        if (!last) return
        next = Number(last.place)
      }
    },
    newestCheckpoint: async () =>
      (await one<{ note: string }>('select note from ledger_checkpoint order by epoch desc, size desc limit 1'))?.note,
    async keep() {
      try {
        for (const { table, name, definition } of foreign)
          await client.query(`alter table ${quoted(client, table)} add constraint ${client.escapeIdentifier(name)} ${definition}`)
        for (const { name } of tables) await client.query(`alter table ${quoted(client, name)} enable trigger user`)
      } catch (error) {
        await end('rollback').catch(() => undefined)
        throw error
      }
      await end('commit')
    },
    drop: () => end('rollback'),
  }
}
