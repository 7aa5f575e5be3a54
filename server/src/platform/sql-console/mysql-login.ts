import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { can, errorIn, loginRequest, okIn, packet, utf8mb4 } from '../../protocols/mysql/index.ts'
import { readPacket, secureMysql } from '../mysql-client/index.ts'
import type { ConsoleLogin } from './console.ts'

export interface LoggedIn {
  socket: Duplex
  /** The number under which the door knows this connection: what `kill` takes. */
  connection: number
  /** What the server says of the login. */
  said: string
}

const broken = 'The connection to the database broke.'
const full = 'Too many connections. Try again later.'
const tooMany = 1040

/** A login at a door of ours: under TLS, with the connection ticket whole, as any client may send it. Refused with the door's own sentence. */
export async function logInToMysql(line: Duplex, { user, password, database, ca }: ConsoleLogin): Promise<Result<LoggedIn, string>> {
  const capabilities = can.multiStatements | can.multiResults
  const wish = { capabilities, collation: utf8mb4, database, program: 'Claviger console' }
  const secured = await secureMysql(line, { host: 'localhost', ca }, wish)
  if (!secured.ok) return fail(secured.error.code === 'mysql.refused' && secured.error.number === tooMany ? full : broken)
  const { socket, greeting } = secured.value
  socket.on('error', () => socket.destroy())
  socket.write(packet(2, loginRequest(user, Buffer.from(`${password}\0`), 'mysql_clear_password', wish)))
  const body = await readPacket(socket, 3)
  const done = body && okIn(body)
  if (done) return ok({ socket, connection: greeting.connection, said: done.info })
  socket.destroy()
  return fail((body && errorIn(body)?.message) || broken)
}
