import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { DbConnection } from './open-db.ts'

/** A table with the columns that it stores: what is generated is generated anew. */
export interface TableShape {
  /** `public.person`: letters, digits and underscores. */
  name: string
  columns: readonly string[]
}

/** One moment of the whole database, as its owner sees it. Others go on writing meanwhile. */
export interface Snapshot {
  /** When it was taken, by the database's clock. */
  at: Date
  migrations: readonly { name: string; sha256: string }[]
  tables: readonly TableShape[]
  /** Rough number of bytes, for a bar. */
  bytes: number
  /** The rows in COPY's text format (one a line, UTF-8), in any order. */
  copy(table: TableShape): AsyncIterable<Uint8Array>
  /** The installation's record; undefined where there is none. */
  record(): Promise<string | undefined>
  /** Entries that have a place, and the newest checkpoint. */
  ledger(): Promise<{ size: number; note: string }>
  close(): Promise<void>
}

/** What is not dumped: migrations are named in the manifest, and how the servers are is nobody's tomorrow. */
const leftOut = [
  ...['public.migration', 'public.node_part', 'public.session_live'],
  // made anew from the recordings: what was destroyed since is not found by a backup
  ...['public.recording_words', 'public.recording_outline', 'public.session_word', 'vault.opened_for_words'],
]

/** Queues are of another schema and are made anew; what they were for stands in tables of ours. */
const schemas = ['public', 'vault']

export async function openSnapshot(owner: DbConnection): Promise<Snapshot> {
  const client = new pg.Client({ ...owner, application_name: 'claviger backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query("set statement_timeout = 0; set datestyle = 'ISO'; set bytea_output = 'hex'")
    // the role may only look: nothing in here changes a row
    await client.query('begin isolation level repeatable read, read only')
    const { rows } = await client.query<{ at: Date; bytes: string }>(
      'select clock_timestamp() as at, pg_database_size(current_database()) as bytes',
    )
    const migrations = (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration order by name')).rows
    const tables = (await shapes(client)).filter((t) => !leftOut.includes(t.name))
    return {
      at: rows[0]?.at ?? new Date(),
      bytes: Number(rows[0]?.bytes ?? 0),
      migrations,
      tables,
      copy: ({ name, columns }) => client.query(copyTo(`copy ${quoted(client, name)} (${listed(client, columns)}) to stdout`)),
      record: async () => (await client.query<{ record: string }>('select record from vault.installation')).rows[0]?.record,
      async ledger() {
        const size = (await client.query<{ size: string }>('select coalesce(max(place), 0) as size from ledger_entry')).rows[0]?.size
        const note = (await client.query<{ note: string }>('select note from ledger_checkpoint order by epoch desc, size desc limit 1'))
          .rows[0]
        return { size: Number(size ?? 0), note: note?.note ?? '' }
      },
      close: async () => await client.end(),
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/** Every table of ours with its stored columns, by name. */
export async function shapes(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select n.nspname || '.' || c.relname as name,
       array(select a.attname::text from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = any($1) order by 1`,
    [schemas],
  )
  return rows
}

export const quoted = (client: pg.Client, name: string): string =>
  name
    .split('.')
    .map((part) => client.escapeIdentifier(part))
    .join('.')
export const listed = (client: pg.Client, columns: readonly string[]): string => columns.map((c) => client.escapeIdentifier(c)).join(', ')
