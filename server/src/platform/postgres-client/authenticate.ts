import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import {
  authenticationCode,
  type CancelKey,
  md5Answer,
  passwordMessage,
  readCancelKey,
  readParameter,
  saslInitialResponse,
  saslMechanisms,
  saslResponse,
  sqlStateIn,
  startupMessage,
} from '../../protocols/postgres/index.ts'
import { type ScramError, startScram } from '../../protocols/scram/index.ts'
import { fipsInForce } from '../crypto/fips.ts'
import { impostor, type PostgresFailure, protocol, refused } from './failures.ts'
import { type Message, readMessage } from './read-message.ts'

/** Who logs in, and where to. `parameters` are settings of the session; none of it may hold a zero byte. */
export type PostgresLogin = {
  role: string
  database: string
  parameters: Readonly<Record<string, string>>
  /** With a certificate, shown under TLS before anything of this, no password is sent to whoever asks. */
} & ({ password: Secret } | { certificate: Secret })

/** What the server says of a session as it begins. */
export interface Greeting {
  /** Settings that it reports, in its order: `server_version`, `client_encoding` and others. */
  parameters: readonly (readonly [name: string, value: string])[]
  /** What cancels a statement of this session. */
  cancelKey: CancelKey | undefined
}

const mechanism = 'SCRAM-SHA-256'
const tiedMechanism = `${mechanism}-PLUS`
const proof = `${mechanism} with a valid server signature`
const asks: Record<number, string> = {
  0: 'a login without any proof',
  2: 'Kerberos',
  3: 'the password in clear text',
  5: 'the password as MD5',
  7: 'GSSAPI',
  9: 'SSPI',
  10: 'a password (SCRAM)',
}

/** What a server under TLS has proven already: its certificate is the pinned one. */
export interface ProvenByTls {
  /** Hash of the certificate, to which a login is tied where the server can; undefined for one that has none. */
  endPoint: Uint8Array | undefined
}

/**
 * Logs in on a fresh connection and leaves it ready for the first statement. SCRAM is answered, and MD5 where TLS has
 * proven who asks: whoever asks for the password in another way, or lets us in without having proven that it knows our
 * verifier, is an impostor and has got nothing but the names of role and database. node-postgres would answer such a
 * server, so the login is ours.
 */
export async function authenticate(
  socket: Duplex,
  login: PostgresLogin,
  tls: ProvenByTls | undefined,
): Promise<Result<Greeting, PostgresFailure>> {
  const { role, database, parameters } = login
  if ([role, database, ...Object.entries(parameters).flat()].some((text) => text.includes('\0')))
    return protocol('a name holds a zero byte')
  const ended = protocol('the server closed the connection during the login')

  let alert = false
  // TLS tells of it in an event alone, which leaves nothing behind
  socket.on('error', (error: NodeJS.ErrnoException) => (alert ||= error.code?.includes('ALERT') === true))
  socket.write(startupMessage({ ...parameters, user: role, database }))
  const first = await nextMessage(socket)
  // a certificate that the server does not take is seen only now under TLS 1.3
  if ('certificate' in login) return !first && alert ? fail({ code: 'postgres.certificate_refused' }) : afterCertificate(socket, first)
  const { password } = login
  if (!first) return ended
  if (tls && first.type === 'R' && authenticationCode(first.body) === 5 && first.body.length === 8)
    return await answerMd5(socket, { role, password }, first.body.subarray(4))
  if (first.type === 'E') return fail({ code: 'postgres.refused', sqlState: sqlStateIn(first.body), unasked: true })
  const refusedAtOnce = refusalIn(first, 10)
  if (refusedAtOnce) return refusedAtOnce
  const offered = saslMechanisms(first.body)
  const endPoint = tls?.endPoint
  const tied = endPoint !== undefined && offered.includes(tiedMechanism)
  if (!tied && !offered.includes(mechanism)) return impostor(proof, `SASL with ${offered.join(', ')}`)

  const exchange = startScram({ binding: tied ? endPoint : endPoint ? 'not-offered' : 'none' })
  socket.write(saslInitialResponse(tied ? tiedMechanism : mechanism, exchange.clientFirst))
  const serverFirst = await nextMessage(socket)
  if (!serverFirst) return ended
  const refusedFirst = refusalIn(serverFirst, 11)
  if (refusedFirst) return refusedFirst
  const answer = await password.lend('log-in-to-target', (bytes) => exchange.answer(serverFirst.body.toString('latin1', 4), bytes))
  if (!answer.ok) return scramFailure(answer.error)

  socket.write(saslResponse(answer.value))
  const serverFinal = await nextMessage(socket)
  if (!serverFinal) return ended
  const refusedFinal = refusalIn(serverFinal, 12)
  if (refusedFinal) return refusedFinal
  const proven = exchange.check(serverFinal.body.toString('latin1', 4))
  if (!proven.ok) return scramFailure(proven.error)
  const accepted = await nextMessage(socket)
  if (!accepted) return ended
  return refusalIn(accepted, 0) ?? greeting(socket)
}

/**
 * The pinned server saw the certificate before this, and has nothing to ask for. Whatever it asks for in its place it does not get.
 */
async function afterCertificate(socket: Duplex, first: Message | undefined): Promise<Result<Greeting, PostgresFailure>> {
  if (!first) return protocol('the server closed the connection during the login')
  if (first.type === 'E') return refused(sqlStateIn(first.body))
  if (first.type !== 'R') return protocol('the server does not speak PostgreSQL')
  const code = authenticationCode(first.body)
  if (code !== 0) return fail({ code: 'postgres.asks_otherwise', asks: asks[code] ?? `authentication method ${code}` })
  return await greeting(socket)
}

/** The server proves nothing by it, so it has to be the pinned one already. */
async function answerMd5(
  socket: Duplex,
  { role, password }: { role: string; password: Secret },
  salt: Uint8Array,
): Promise<Result<Greeting, PostgresFailure>> {
  if (fipsInForce()) return protocol('the server asks for MD5, which the FIPS profile does not have; let it ask for scram-sha-256')
  const answer = await password.lend('log-in-to-target', (bytes) => md5Answer(role, bytes, salt))
  socket.write(passwordMessage(Buffer.from(`${answer}\0`)))
  const accepted = await nextMessage(socket)
  if (!accepted) return protocol('the server closed the connection during the login')
  return refusalIn(accepted, 0) ?? greeting(socket)
}

/** What stands between the login and the first statement: parameters and the cancel key. */
async function greeting(socket: Duplex): Promise<Result<Greeting, PostgresFailure>> {
  const parameters: [string, string][] = []
  let cancelKey: CancelKey | undefined
  for (let count = 0; count < 200; count++) {
    const message = await nextMessage(socket)
    if (!message) return protocol('the server closed the connection after the login')
    if (message.type === 'Z') return ok({ parameters, cancelKey })
    if (message.type === 'E') return refused(sqlStateIn(message.body))
    if (message.type === 'S') parameters.push(readParameter(message.body))
    else if (message.type === 'K') cancelKey = readCancelKey(message.body)
    else break
  }
  return protocol('the server did not get ready after the login')
}

/** The next message that means something: notices (N) and protocol negotiation (v) are passed over, a few of them. */
async function nextMessage(socket: Duplex): Promise<Message | undefined> {
  for (let count = 0; count < 50; count++) {
    const message = await readMessage(socket)
    if (!message || (message.type !== 'N' && message.type !== 'v')) return message
  }
  return undefined
}

/** Why this message is not the authentication step that must come now; undefined when it is. */
function refusalIn({ type, body }: Message, expected: number): { ok: false; error: PostgresFailure } | undefined {
  if (type === 'E') return refused(sqlStateIn(body))
  if (type !== 'R') return protocol('the server does not speak PostgreSQL')
  const code = authenticationCode(body)
  return code === expected ? undefined : impostor(proof, asks[code] ?? `authentication method ${code}`)
}

function scramFailure(error: ScramError): { ok: false; error: PostgresFailure } {
  if (error.code === 'scram.password_not_ascii') return protocol('passwords outside printable ASCII are not supported yet')
  if (error.code === 'scram.iterations') return impostor(`${error.least} to ${error.most} rounds of SCRAM`, `${error.asked} rounds`)
  if (error.code === 'scram.wrong_signature') return impostor(proof, 'a wrong server signature')
  return impostor(proof, error.code === 'scram.foreign_nonce' ? 'a nonce that is not ours' : 'a malformed SCRAM message')
}
