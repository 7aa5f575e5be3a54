import type { Duplex } from 'node:stream'
import pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import type { TargetFailure } from '../contract.ts'
import { protocol } from './failures.ts'

/** A login on a server that has proven who it is. */
export interface PostgresClient {
  /** One statement. Rejects with node-postgres' error: see `statementFailure`. */
  query<Row extends object = object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Logs out. Never throws, and does not wait long for a server that is gone. */
  close(): Promise<void>
}

export const quoteIdentifier = pg.escapeIdentifier
export const quoteLiteral = pg.escapeLiteral

/**
 * node-postgres over a connection on which the login is done: it gets no password and could not send one.
 * `patience`: milliseconds for each statement. `release` is called once, at the end.
 */
export async function clientOver(stream: Duplex, patience: number, release: () => void): Promise<Result<PostgresClient, TargetFailure>> {
  const connection = new AuthenticatedConnection({ stream: () => stream })
  const client = new pg.Client({ connection, ssl: false, user: 'logged in already', query_timeout: patience } as pg.ClientConfig)
  client.on('error', () => {}) // the statement that waits is told; without one there is nobody to tell
  try {
    await client.connect()
  } catch {
    release()
    return protocol('the connection broke after the login')
  }
  return ok({
    async query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
      return (await client.query<Row>(sql, values ? [...values] : undefined)).rows
    },
    async close(): Promise<void> {
      const hurry = setTimeout(release, 2_000)
      await client.end().catch(() => undefined)
      clearTimeout(hurry)
      release()
    },
  })
}

/** What pg's Connection does not declare, of the exact version that the lockfile pins. */
interface Undeclared {
  _connecting: boolean
  attachListeners(stream: Duplex): void
}

/** Skips connecting and the startup message, and refuses to answer a server that asks for a password again. */
class AuthenticatedConnection extends pg.Connection {
  connect(): void {
    const undeclared = this as unknown as Undeclared
    undeclared._connecting = true // otherwise it would end without a Terminate message
    this.stream.on('error', (error) => this.emit('error', error)).on('close', () => this.emit('end'))
    undeclared.attachListeners(this.stream)
    this.stream.resume()
    setImmediate(() => (this.stream.destroyed ? this.emit('end') : this.emit('connect')))
  }
  startup(): void {
    setImmediate(() => this.emit('readyForQuery', { status: 'I' }))
  }
  password(): void {
    this.refuse()
  }
  sendSASLInitialResponseMessage(): void {
    this.refuse()
  }
  sendSCRAMClientFinalMessage(): void {
    this.refuse()
  }
  private refuse(): void {
    this.stream.destroy(new Error('the server asked to log in again'))
  }
}
