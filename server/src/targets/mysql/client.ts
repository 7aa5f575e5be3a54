import { Duplex } from 'node:stream'
import mysql, { type Connection } from 'mysql2'
import type { MysqlLogin } from '../../platform/mysql-client/index.ts'
import { ourCapabilities, packet, writeGreeting } from '../../protocols/mysql/index.ts'

/** A login on a server that has proven who it is. */
export interface MysqlClient {
  /** As the server calls itself: `10.11.19-MariaDB-…`. */
  version: string
  /** One statement; `?` stands for a value. Rejects with mysql2's error: see `statementFailure`. */
  query<Row extends object = object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Logs out. Never throws, and does not wait long for a server that is gone. */
  close(): Promise<void>
}

/** A text in SQL, as the session's `sql_mode` (which the login empties) reads it. */
export const quoteText = (text: string): string => mysql.escape(text)

/** What the driver may do on its own: nothing that the login did not ask for. */
const flags = [
  '-LOCAL_FILES',
  '-FOUND_ROWS',
  '-CONNECT_ATTRS',
  '-SESSION_TRACK',
  '-MULTI_RESULTS',
  '-COMPRESS',
  '-PLUGIN_AUTH_LENENC_CLIENT_DATA',
  '-CLIENT_QUERY_ATTRIBUTES',
]

/**
 * mysql2 over a connection on which the login is done. It is shown a login of its own making, at which it has no password to
 * say: what it would answer a server that asks is never tried. `patience`: milliseconds for each statement.
 */
export function clientOver({ socket, greeting }: Pick<MysqlLogin, 'socket' | 'greeting'>, patience: number): MysqlClient {
  const connection: Connection = mysql.createConnection({ stream: new AfterLogin(socket, greeting), flags, connectTimeout: patience })
  let gone: Error | undefined
  connection.on('error', (error) => {
    gone = error // the statement that waits is told; without one the next is
  })
  return {
    version: greeting.version,
    query: <Row extends object>(sql: string, values: readonly unknown[] = []) =>
      new Promise<Row[]>((resolve, reject) => {
        if (gone) return reject(gone)
        connection.query({ sql, values: [...values], timeout: patience }, (error, rows) =>
          error ? reject(error) : resolve(Array.isArray(rows) ? (rows as Row[]) : []),
        )
      }),
    close: () =>
      new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(hurry)
          connection.destroy()
          socket.destroy()
          resolve()
        }
        const hurry = setTimeout(done, 2_000)
        if (gone || socket.destroyed) return done()
        connection.end(done)
      }),
  }
}

/** Plays the server of a login to the driver (greeting; whatever it says; yes), and is the real connection from then on. */
class AfterLogin extends Duplex {
  readonly #socket: Duplex
  #loggedIn = false

  constructor(socket: Duplex, greeting: MysqlLogin['greeting']) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    const plain = { ...greeting, capabilities: ourCapabilities, plugin: 'mysql_native_password', challenge: Buffer.alloc(20, 1) }
    this.push(packet(0, writeGreeting(plain)))
  }
  override _read(): void {
    this.#socket.resume()
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    if (this.#loggedIn) return void this.#socket.write(chunk, written)
    this.#loggedIn = true
    // not in the same breath: the driver is still inside the step that wrote. OK_Packet: no rows, no id, autocommit, no warnings
    setImmediate(() => this.push(packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0]))))
    this.#socket
      .on('data', (data) => this.push(data) || this.#socket.pause())
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.destroy())
    written()
  }
  override _final(done: () => void): void {
    this.#socket.end(done)
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
