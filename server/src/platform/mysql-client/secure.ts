import type { Duplex } from 'node:stream'
import { ok, type Result } from '../../kernel/result.ts'
import { can, type MysqlGreeting, packet, readError, readGreeting, type SessionWish, sslRequest } from '../../protocols/mysql/index.ts'
import { type SecuredSocket, secureSocket } from '../tls/index.ts'
import { impostor, type MysqlFailure, protocol, refused } from './failures.ts'
import { readPacket } from './read-packet.ts'

const wanted = 'TLS with a certificate for this host from a trusted authority'

/** A connection on which TLS stands; the greeting came in clear text, and is worth only what TLS and the login make of it. */
export interface SecuredMysql extends SecuredSocket {
  greeting: MysqlGreeting
}

/**
 * Reads the greeting of a fresh connection, asks for TLS and checks the server's chain and name. There is no way back to
 * clear text: nothing but the request for TLS has been sent when this refuses, and nothing that came in clear text behind the
 * greeting is ever answered. Afterwards only the secured socket may be destroyed.
 */
export async function secure(
  socket: Duplex,
  server: { host: string; ca?: string | undefined },
  wish?: SessionWish,
): Promise<Result<SecuredMysql, MysqlFailure>> {
  const body = await readPacket(socket, 0)
  if (!body) return protocol('the server does not speak MySQL')
  if (body[0] === 0xff) return refused(readError(body).number)
  const greeting = readGreeting(body)
  if (!greeting) return protocol('the server does not speak MySQL')
  if (!(greeting.capabilities & can.ssl)) return impostor(wanted, 'no TLS')
  if (socket.readableLength > 0) return impostor(wanted, 'clear text behind its greeting')
  socket.write(packet(1, sslRequest(wish)))
  const secured = await secureSocket(socket, server)
  return secured.ok ? ok({ ...secured.value, greeting }) : impostor(wanted, secured.error.detail)
}
