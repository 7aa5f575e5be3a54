import type { Duplex } from 'node:stream'
import type { Result } from '../../kernel/result.ts'
import { sslRequest } from '../../protocols/postgres/index.ts'
import { type ClientCertificate, type SecuredSocket, secureSocket } from '../tls/index.ts'
import { impostor, type PostgresFailure } from './failures.ts'
import { readBytes } from './read-message.ts'

const wanted = 'TLS with a certificate for this host from a trusted authority'

/**
 * Asks for TLS on a fresh connection and checks the server's chain and name. There is no way back to clear text.
 * Nothing but the request for TLS has been sent when this refuses. Afterwards only the secured socket may be destroyed.
 */
export async function secure(
  socket: Duplex,
  server: { host: string; ca?: string | undefined },
  client?: ClientCertificate,
): Promise<Result<SecuredSocket, PostgresFailure>> {
  socket.write(sslRequest)
  const answer = await readBytes(socket, 1)
  if (answer?.toString('latin1') !== 'S') return impostor(wanted, answer ? 'no TLS' : 'a closed connection')
  // Bytes behind the S came in clear text, and must not be taken for something that was said under TLS.
  if (socket.readableLength > 0) return impostor(wanted, 'clear text behind its answer')
  const secured = await secureSocket(socket, server, client)
  if (secured.ok) return secured
  const { presented, detail } = secured.error
  return client && presented !== undefined ? impostor(client.pinned, presented) : impostor(wanted, detail)
}
