import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { ok, type Result } from '../../kernel/result.ts'
import type { TargetFailure } from '../contract.ts'
import { impostor } from './failures.ts'
import type { PostgresSettings } from './settings.ts'
import { readBytes, sslRequest } from './wire.ts'

const wanted = 'TLS with a certificate for this host from a trusted authority'
const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host) // SNI carries names only, RFC 6066 section 3

export interface Secured {
  socket: TLSSocket
  /** SHA-256 of the server's certificate, `SHA256:<hex>`. */
  certificate: string
}

/**
 * Asks for TLS on a fresh connection and checks the server's chain and name. There is no way back to clear text.
 * Nothing but the request for TLS has been sent when this refuses.
 *
 * From here on only the secured socket may be destroyed, which closes the one below it: the other way round, inside a
 * callback of TLS, ends the whole process (Node 24: SIGSEGV).
 */
export async function secure(socket: Duplex, { host, ca }: PostgresSettings): Promise<Result<Secured, TargetFailure>> {
  socket.write(sslRequest)
  const answer = await readBytes(socket, 1)
  if (answer?.toString('latin1') !== 'S') return impostor(wanted, answer ? 'no TLS' : 'a closed connection')
  // Bytes behind the S came in clear text, and must not be taken for something that was said under TLS.
  if (socket.readableLength > 0) return impostor(wanted, 'clear text behind its answer')
  return new Promise((resolve) => {
    const name = isAddress(host) ? {} : { servername: host }
    const secured = connect({ socket, host, ...name, ...(ca && { ca }), minVersion: 'TLSv1.2', rejectUnauthorized: true })
    secured.once('secureConnect', () => {
      const { fingerprint256 } = secured.getPeerCertificate()
      resolve(ok({ socket: secured, certificate: `SHA256:${fingerprint256.replaceAll(':', '').toLowerCase()}` }))
    })
    secured.on('error', (error: NodeJS.ErrnoException) =>
      resolve(impostor(wanted, `a connection that ended with ${error.code ?? 'an error'}`)),
    )
    secured.once('close', () => resolve(impostor(wanted, 'a closed connection')))
  })
}
