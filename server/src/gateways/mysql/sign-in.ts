import { Secret } from '../../kernel/secret.ts'
import { readPacket } from '../../platform/mysql-client/index.ts'
import { can, chosenBySessions, packet, type SessionWish, sendItAll, switchTo } from '../../protocols/mysql/index.ts'
import type { Admitted, Attempt, Grant, SessionHost } from '../contract.ts'
import { parseUserName } from '../door/user-name.ts'
import type { Came } from './first-packets.ts'
import { turnAway } from './say.ts'

/** Who came in, and the session that their client asks for. */
export interface SignedIn {
  admitted: Admitted
  grant: Grant
  wish: SessionWish
  /** It says that it sends files that its statements name. */
  files: boolean
  program: string
  /** The number of the packet that the client expects next. */
  sequence: number
}

const words = { code: 'mysql.user_name_malformed', example: 'mariadb -h 127.0.0.1 -P 3307 -u alice@app_admin@shop-db -p' }
const longestTicket = 1024
const longestDatabase = 64

/**
 * Asks for the connection ticket, in the place of a password and under TLS, and lets its holder in. Undefined when not; the client was told why.
 */
export async function signIn(
  came: Came,
  challenge: Buffer,
  { from, way }: Required<Pick<Attempt, 'from' | 'way'>>,
  host: Pick<SessionHost, 'malformed' | 'recogniseTicket'>,
): Promise<SignedIn | undefined> {
  const { socket, login } = came
  const parsed = parseUserName(login.user, words)
  if (!parsed.ok) {
    host.malformed('mysql', from, 'malformed user name')
    turnAway(socket, came.sequence, 'refused', parsed.error.say)
    return undefined
  }
  if (login.database.length > longestDatabase) {
    turnAway(socket, came.sequence, 'noDatabase', `The name of a database is at most ${longestDatabase} characters long.`)
    return undefined
  }
  const attempt: Attempt = { door: 'mysql', ...parsed.value, from, way }
  const asked = await askTicket(came, challenge)
  if (asked === 'gone') return undefined
  if (typeof asked === 'string') {
    host.malformed('mysql', from, 'no password where one was asked for')
    turnAway(
      socket,
      came.sequence,
      'refused',
      'A connection ticket is the password here. Get one: claviger connect … --print --show-ticket',
    )
    return undefined
  }
  const known = await host.recogniseTicket(attempt, asked)
  asked.wipe()
  if (!known.ok) {
    turnAway(socket, came.sequence, 'refused', known.error.say)
    return undefined
  }
  const { capabilities, collation, database, program } = login
  const wish = { capabilities: capabilities & chosenBySessions, collation, database }
  return { ...known.value, wish, files: (capabilities & can.localFiles) !== 0, program, sequence: came.sequence }
}

/**
 * Under TLS a client may send the whole password: with `caching_sha2_password`, which every client of today has, when it is asked to, or by
 * `mysql_clear_password` at once. What proves it without showing it does not help: of a ticket only a hash is kept.
 */
async function askTicket(came: Came, challenge: Buffer): Promise<Secret | 'gone' | 'none'> {
  const { socket, login } = came
  if (login.plugin === 'mysql_clear_password') return ticketIn(login.proof)
  let { proof } = login
  if (login.plugin !== 'caching_sha2_password') {
    socket.write(packet(came.sequence, switchTo('caching_sha2_password', challenge)))
    const answer = await readPacket(socket, came.sequence + 1)
    came.sequence += 2
    if (!answer) return socket.destroyed || socket.readableEnded ? 'gone' : 'none'
    proof = answer
  }
  // without a password it has nothing to send
  if (proof.length !== 32) return 'none'
  socket.write(packet(came.sequence, sendItAll))
  const whole = await readPacket(socket, came.sequence + 1)
  came.sequence += 2
  if (!whole) return socket.destroyed || socket.readableEnded ? 'gone' : 'none'
  return ticketIn(whole)
}

function ticketIn(bytes: Buffer): Secret | 'none' {
  if (bytes.length < 2 || bytes.length > longestTicket || bytes.indexOf(0) !== bytes.length - 1) return 'none'
  const ticket = new Secret(Uint8Array.from(bytes.subarray(0, -1)))
  bytes.fill(0)
  return ticket
}
