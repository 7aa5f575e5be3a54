import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { serverEndPoint } from '../crypto/server-end-point.ts'

export interface SecuredSocket {
  socket: TLSSocket
  /** SHA-256 of the server's certificate, `SHA256:<hex>`: what an administrator pins. */
  certificate: string
  /** What a login may be tied to, if its certificate has it: see `serverEndPoint`. */
  endPoint: Buffer | undefined
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
      const shown = secured.getPeerX509Certificate()
      if (!shown) return refuse('a connection without a certificate')
      const certificate = `SHA256:${shown.fingerprint256.replaceAll(':', '').toLowerCase()}`
      resolve(ok({ socket: secured, certificate, endPoint: serverEndPoint(shown) }))
    })
    const refuse = (detail: string): void => resolve(fail({ code: 'tls.not_trusted', detail }))
    secured.on('error', (error: NodeJS.ErrnoException) => refuse(`a connection that ended with ${error.code ?? 'an error'}`))
    secured.once('close', () => refuse('a closed connection'))
  })
}
