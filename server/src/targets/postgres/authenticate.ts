import type { Duplex } from 'node:stream'
import { ok, type Result } from '../../kernel/result.ts'
import { type ScramError, startScram } from '../../protocols/scram/index.ts'
import type { Login, TargetFailure } from '../contract.ts'
import { impostor, loginFailure, protocol } from './failures.ts'
import {
  authenticationCode,
  type Message,
  readMessage,
  saslInitialResponse,
  saslMechanisms,
  saslResponse,
  sqlStateIn,
  startupMessage,
} from './wire.ts'

const mechanism = 'SCRAM-SHA-256'
const proof = `${mechanism} with a valid server signature`
const asks: Record<number, string> = {
  0: 'a login without any proof',
  2: 'Kerberos',
  3: 'the password in clear text',
  5: 'the password as MD5',
  7: 'GSSAPI',
  9: 'SSPI',
}

/**
 * Logs in on a fresh connection and leaves it ready for the first statement. Only SCRAM is answered: whoever asks for
 * the password in another way, or lets us in without having proven that it knows our verifier, is an impostor and has
 * got nothing but the names of role and database. node-postgres would answer such a server, so the login is ours.
 */
export async function authenticate(
  socket: Duplex,
  database: string,
  { account, credential }: Login,
  parameters: Readonly<Record<string, string>>,
): Promise<Result<void, TargetFailure>> {
  if (credential.kind !== 'password') return protocol('PostgreSQL accounts have passwords')
  if (/\0/.test(account)) return protocol('the account name holds a zero byte')
  const ended = protocol('the server closed the connection during the login')

  socket.write(startupMessage({ ...parameters, user: account, database }))
  const first = await nextMessage(socket)
  if (!first) return ended
  const refused = refusalIn(first, 10, account)
  if (refused) return refused
  const offered = saslMechanisms(first.body)
  if (!offered.includes(mechanism)) return impostor(proof, `SASL with ${offered.join(', ')}`)

  const exchange = startScram()
  socket.write(saslInitialResponse(mechanism, exchange.clientFirst))
  const serverFirst = await nextMessage(socket)
  if (!serverFirst) return ended
  const refusedFirst = refusalIn(serverFirst, 11, account)
  if (refusedFirst) return refusedFirst
  const answer = await credential.secret.lend('log-in-to-target', (bytes) => exchange.answer(serverFirst.body.toString('latin1', 4), bytes))
  if (!answer.ok) return scramFailure(answer.error)

  socket.write(saslResponse(answer.value))
  const serverFinal = await nextMessage(socket)
  if (!serverFinal) return ended
  const refusedFinal = refusalIn(serverFinal, 12, account)
  if (refusedFinal) return refusedFinal
  const proven = exchange.check(serverFinal.body.toString('latin1', 4))
  if (!proven.ok) return scramFailure(proven.error)
  const accepted = await nextMessage(socket)
  if (!accepted) return ended
  return refusalIn(accepted, 0, account) ?? untilReady(socket, account)
}

/** What stands between the login and the first statement: parameters and the cancel key, which we do not need. */
async function untilReady(socket: Duplex, account: string): Promise<Result<void, TargetFailure>> {
  for (let count = 0; count < 200; count++) {
    const message = await nextMessage(socket)
    if (!message) return protocol('the server closed the connection after the login')
    if (message.type === 'Z') return ok(undefined)
    if (message.type === 'E') return { ok: false, error: loginFailure(sqlStateIn(message.body), account) }
    if (message.type !== 'S' && message.type !== 'K') return protocol('the server did not get ready after the login')
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
function refusalIn({ type, body }: Message, expected: number, account: string): { ok: false; error: TargetFailure } | undefined {
  if (type === 'E') return { ok: false, error: loginFailure(sqlStateIn(body), account) }
  if (type !== 'R') return protocol('the server does not speak PostgreSQL')
  const code = authenticationCode(body)
  return code === expected ? undefined : impostor(proof, asks[code] ?? `authentication method ${code}`)
}

function scramFailure(error: ScramError): { ok: false; error: TargetFailure } {
  if (error.code === 'scram.password_not_ascii') return protocol('passwords outside printable ASCII are not supported yet')
  if (error.code === 'scram.iterations') return impostor(`${error.least} to ${error.most} rounds of SCRAM`, `${error.asked} rounds`)
  if (error.code === 'scram.wrong_signature') return impostor(proof, 'a wrong server signature')
  return impostor(proof, error.code === 'scram.foreign_nonce' ? 'a nonce that is not ours' : 'a malformed SCRAM message')
}
