import type { Duplex } from 'node:stream'
import { Secret } from '../../kernel/secret.ts'
import { readMessage } from '../../platform/postgres-client/index.ts'
import { authenticationCleartext, type FirstPacket, negotiateProtocolVersion } from '../../protocols/postgres/index.ts'
import type { Admitted, Attempt, Grant, SessionHost } from '../contract.ts'
import { parseUserName } from '../door/user-name.ts'
import { sqlStates, turnAway } from './say.ts'

/** Who came in, and the session that their client asks for. */
export interface SignedIn {
  admitted: Admitted
  grant: Grant
  database: string
  /** Settings of the session as the client wishes them, without the names of role and database. */
  parameters: Readonly<Record<string, string>>
}

const words = { code: 'postgres.user_name_malformed', example: 'psql "host=127.0.0.1 port=6432 user=alice@app_admin@orders-db"' }
const longestPassword = 1024
const longestName = 63 // NAMEDATALEN
const usualDatabase = 'postgres'

/**
 * Asks for the connection ticket, in the place of a password and under TLS, and lets its holder in. Undefined when not; the
 * client was told why.
 */
export async function signIn(
  socket: Duplex,
  startup: Extract<FirstPacket, { kind: 'startup' }>,
  { from, way }: Required<Pick<Attempt, 'from' | 'way'>>,
  host: SessionHost,
): Promise<SignedIn | undefined> {
  const { user = '', database: named = '', replication, ...rest } = Object.fromEntries(startup.parameters)
  const parsed = parseUserName(user, words)
  if (!parsed.ok) {
    host.malformed('postgres', from, 'malformed user name')
    turnAway(socket, sqlStates.notAuthorised, parsed.error.say)
    return undefined
  }
  const attempt: Attempt = { door: 'postgres', ...parsed.value, from, way }
  if (replication !== undefined && !/^(false|off|no|0)$/i.test(replication)) {
    host.refused(attempt, 'replication')
    turnAway(socket, sqlStates.unsupported, 'Replication is not carried by this gateway.')
    return undefined
  }
  // libpq names the database like the user where nobody named one
  const database = named === '' || named === user ? usualDatabase : named
  if (Buffer.byteLength(database) > longestName) {
    turnAway(socket, sqlStates.noDatabase, `The name of a database is at most ${longestName} bytes long.`)
    return undefined
  }
  const options = Object.keys(rest).filter((name) => name.startsWith('_pq_.'))
  if (startup.minor > 0 || options.length > 0) socket.write(negotiateProtocolVersion(0, options))
  const ticket = await askTicket(socket)
  if (ticket === 'malformed') {
    host.malformed('postgres', from, 'no password where one was asked for')
    turnAway(socket, sqlStates.protocol, 'A password was asked for, and what came is none.')
  }
  // a client that closes here has none at hand: it asks its person and comes again
  if (typeof ticket === 'string') return undefined

  const known = await host.recogniseTicket(attempt, ticket)
  ticket.wipe()
  if (!known.ok) {
    turnAway(socket, sqlStates.wrongTicket, known.error.say)
    return undefined
  }
  const parameters = Object.fromEntries(Object.entries(rest).filter(([name]) => !options.includes(name)))
  return { ...known.value, database, parameters }
}

async function askTicket(socket: Duplex): Promise<Secret | 'gone' | 'malformed'> {
  socket.write(authenticationCleartext)
  const answer = await readMessage(socket, longestPassword)
  if (!answer) return socket.destroyed || socket.readableEnded ? 'gone' : 'malformed'
  const { type, body } = answer
  if (type === 'X') return 'gone'
  if (type !== 'p' || body.indexOf(0) !== body.length - 1) return 'malformed'
  const ticket = new Secret(Uint8Array.from(body.subarray(0, -1)))
  body.fill(0)
  return ticket
}
