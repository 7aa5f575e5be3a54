import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { NamingClient } from './named-statements.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
/** A transaction: what every store asks for, so that forgetting it is a compile error and not a pool deadlock. */
export type Tx = Transaction<Tables>

export interface DbConnection {
  /** A host name or the folder of a Unix socket. */
  host: string
  port: number
  database: string
  user: string
  password: string
  /** TLS, with the server's certificate checked against its name. `ca`: PEM; without it the authorities that Node knows. */
  ssl?: { ca?: string; host?: string }
  /** Settings of each session, as `-c name=value`. */
  options?: string
}

// int8 is only ever a count, a size or a place in the ledger: all below 2^53
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export function openPool(connection: DbConnection, max = 10): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    Client: NamingClient,
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: connection.user,
  })
  // an idle connection that the server closes must not end the process; the next query says what is wrong
  pool.on('error', () => undefined)
  // nor one that somebody holds without asking anything, such as for a lock
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/**
 * For what is one statement of a store: it is a transaction by itself, and asking for begin and commit around it takes three times as long. Whatever
 * reads and then writes, or writes twice, takes a transaction of its own.
 */
export const atOnce = (db: Db): Tx => db as Tx

export const openDb = (pool: pg.Pool): Db => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
