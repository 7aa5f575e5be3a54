import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { fail, ok, type Result } from '../../kernel/result.ts'

export interface SecuredSocket {
  socket: TLSSocket
  /** SHA-256 of the server's certificate, `SHA256:<hex>`: what an administrator pins. */
  certificate: string
}

export type TlsRefusal = { code: 'tls.not_trusted'; detail: string }

/**
 * Starts TLS as client on a connection that the dialer opened. The server's chain is checked against `ca` (PEM; the
 * system's authorities without), and its name or address against `host`. TLS 1.2 or newer.
 *
 * From here on only the secured socket may be destroyed, which closes the one below it: the other way round, inside a
 * callback of TLS, ends the whole process (Node 24: SIGSEGV).
 */
export function secureSocket(
  socket: Duplex,
  { host, ca }: { host: string; ca?: string | undefined },
): Promise<Result<SecuredSocket, TlsRefusal>> {
  return new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {} // SNI carries names only, RFC 6066 section 3
    const secured = connect({ socket, host, ...name, ...(ca && { ca }), minVersion: 'TLSv1.2', rejectUnauthorized: true })
    secured.once('secureConnect', () => {
      const { fingerprint256 } = secured.getPeerCertificate()
      resolve(ok({ socket: secured, certificate: `SHA256:${fingerprint256.replaceAll(':', '').toLowerCase()}` }))
    })
    const refuse = (detail: string): void => resolve(fail({ code: 'tls.not_trusted', detail }))
    secured.on('error', (error: NodeJS.ErrnoException) => refuse(`a connection that ended with ${error.code ?? 'an error'}`))
    secured.once('close', () => refuse('a closed connection'))
  })
}
