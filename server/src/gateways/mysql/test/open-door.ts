import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import { fail, ok } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import type { Dial } from '../../../targets/contract.ts'
import { type Mariadb, startMariadb } from '../../../targets/mysql/test/start-mariadb.ts'
import type { SqlDoor, SqlDoorOptions } from '../../door/sql/open-sql-door.ts'
import { certificateFor } from '../../postgres/test/open-door.ts'
import { type Ran, run } from '../../postgres/test/psql.ts'
import { temporaryFolder } from '../../ssh/test/folder.ts'
import { MemoryHost, type MemoryTarget, type Recorded } from '../../ssh/test/memory-host.ts'
import { openMysqlGateway } from '../index.ts'

export const accountPassword = 'Only-the-vault-knows-this-1'
export const user = 'alice@app@shop-db'
export const ticket = 'ticket-of-alice'

export interface Door {
  host: MemoryHost
  gateway: SqlDoor
  server: Mariadb
  /** PEM file of the authority, for `--ssl-ca`. */
  ca: string
  errors: unknown[]
  /** The last session that was opened. */
  session(): Recorded
  /** mysql2 through the door, as alice with her ticket. */
  client(options?: ConnectionOptions): Promise<Connection>
  /** What somebody is told who comes in like that. */
  refusal(options: ConnectionOptions): Promise<string>
  /** Debian's client likewise; what it executes comes on its standard input. */
  mariadb(sql: string, ...args: string[]): Promise<Ran> & { kill(signal: NodeJS.Signals): void }
  [Symbol.asyncDispose](): Promise<void>
}

const dialLoopback: Dial = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('connect', () => resolve(ok(socket)))
    socket.on('error', (error) => resolve(fail({ code: 'target.unreachable', detail: error.message })))
  })

/** What the session host says of a target with this certificate at this port. */
export const targetAt = (port: number, tls: { certificate: string; fingerprint: string }): MemoryTarget => ({
  ...{ host: '127.0.0.1', port, identity: { certificate: tls.fingerprint }, settings: { ca: tls.certificate }, scrub: accountPassword },
  login: () => ({ account: 'app', credential: { kind: 'password', secret: Secret.fromText(accountPassword) } }),
})

/** A door with a real MariaDB behind it as `shop-db`, and alice with a grant for app and a ticket. */
export async function openDoor(options: Partial<Omit<SqlDoorOptions, 'host'>> = {}): Promise<Door> {
  const folder = temporaryFolder()
  const server = await startMariadb()
  await server.sql('create database shop')
  await server.sql(`create user app@'127.0.0.1' identified by '${accountPassword}'`)
  await server.sql(`grant all on *.* to app@'127.0.0.1' with grant option`)
  const host = new MemoryHost()
  host.tickets.set(ticket, 'alice')
  host.grant('alice', 'app@shop-db')
  host.targets.set('shop-db', targetAt(server.port, server.tls))
  const { ca, ...certificate } = certificateFor('localhost')
  const file = join(folder.path, 'ca.pem')
  writeFileSync(file, ca)
  const errors: unknown[] = []
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void errors.push(fields) }
  const gateway = await openMysqlGateway({
    ...{ host, listen: { host: '127.0.0.1', port: 0 }, certificate, dial: dialLoopback, log },
    ...options,
  })
  const client: Door['client'] = (more = {}) =>
    mysql.createConnection({ host: '127.0.0.1', port: gateway.port, user, password: ticket, ssl: { ca }, ...more })
  return {
    ...{ host, gateway, server, ca: file, errors, client },
    refusal: async (options) =>
      await client(options).then(
        () => 'it was let in',
        (error: Error) => error.message,
      ),
    session() {
      const last = host.sessions.at(-1)
      if (!last) throw new Error('no session was opened')
      return last
    },
    mariadb: (sql, ...args) => run('mariadb', mariadbArguments(gateway.port, file, ...args), { MYSQL_PWD: ticket }, sql),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await server.stop()
      folder[Symbol.dispose]()
    },
  }
}

export const mariadbArguments = (port: number, ca: string, ...args: string[]): string[] => [
  ...['--no-defaults', '-h', '127.0.0.1', '-P', `${port}`, '-u', user, `--ssl-ca=${ca}`, '--ssl-verify-server-cert', '-N', '-B'],
  ...args,
]
