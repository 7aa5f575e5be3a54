import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { serverEndPoint } from '../crypto/server-end-point.ts'
import { type ClientCertificate, contextWith } from './client-certificate.ts'

export interface SecuredSocket {
  socket: TLSSocket
  /** SHA-256 of the server's certificate, `SHA256:<hex>`: what an administrator pins. */
  certificate: string
  /** What a login may be tied to, if its certificate has it: see `serverEndPoint`. */
  endPoint: Buffer | undefined
}

/** `presented`: another certificate than the pinned one, where we have one of our own to show. It heard nothing of ours. */
export type TlsRefusal = { code: 'tls.not_trusted'; detail: string; presented?: string }

const fingerprintOf = (shown: { fingerprint256: string }): string => `SHA256:${shown.fingerprint256.replaceAll(':', '').toLowerCase()}`

/**
 * Starts TLS as client on a connection that the dialer opened. The server's chain is checked against `ca` (PEM; the
 * system's authorities without), and its name or address against `host`. TLS 1.2 or newer, whatever the process is started with (`--tls-min-v1.0`).
 *
 * With `client` the server's certificate is compared with the pinned one inside the handshake, before our answer to it leaves: Node asks
 * `checkServerIdentity` when that answer is made and not yet written, and a refusal there closes the connection under it. A test listens at the wire.
 *
 * From here on only the secured socket may be destroyed, which closes the one below it: the other way round, inside a
 * callback of TLS, ends the whole process (Node 24: SIGSEGV).
 */
export async function secureSocket(
  socket: Duplex,
  { host, ca }: { host: string; ca?: string | undefined },
  client?: ClientCertificate,
): Promise<Result<SecuredSocket, TlsRefusal>> {
  const secureContext = client && (await contextWith(client, ca))
  if (client && !secureContext) return fail({ code: 'tls.not_trusted', detail: 'a certificate of ours that cannot be read' })
  return await new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {} // SNI carries names only, RFC 6066 section 3
    let other: string | undefined
    const onlyThePinned = {
      checkServerIdentity(name: string, shown: Parameters<typeof checkServerIdentity>[1]): Error | undefined {
        const no = checkServerIdentity(name, shown)
        if (no || fingerprintOf(shown) === client?.pinned) return no
        other = fingerprintOf(shown)
        return new Error('not the pinned certificate')
      },
    }
    const how = secureContext
      ? { secureContext, ...onlyThePinned } // its own bound counts, and none beside it
      : { minVersion: 'TLSv1.2' as const, ...(ca && { ca }) }
    const secured = connect({ socket, host, ...name, ...how, rejectUnauthorized: true })
    secured.once('secureConnect', () => {
      const shown = secured.getPeerX509Certificate()
      if (!shown) return refuse('a connection without a certificate')
      resolve(ok({ socket: secured, certificate: fingerprintOf(shown), endPoint: serverEndPoint(shown) }))
    })
    const refuse = (detail: string): void =>
      resolve(fail({ code: 'tls.not_trusted', detail, ...(other !== undefined && { presented: other }) }))
    secured.on('error', (error: NodeJS.ErrnoException) => refuse(`a connection that ended with ${error.code ?? 'an error'}`))
    secured.once('close', () => refuse('a closed connection'))
  })
}
