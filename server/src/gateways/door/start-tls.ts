import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'

/** What the door shows to clients, as PEM. The chain does not hold the authority itself. */
export interface DoorCertificate {
  certificate: string
  privateKey: string
}

export const secureContextOf = ({ certificate, privateKey }: DoorCertificate): SecureContext =>
  createSecureContext({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' })

/** One name with its length before it, RFC 7301 section 3.1. */
const offered = (name: string): Buffer => Buffer.from(`${String.fromCharCode(name.length)}${name}`)

/**
 * The server's side of TLS on an accepted connection; undefined when nothing came of it. `protocol`: its name under ALPN, which a
 * client `must` then name. From here on only the secured socket may be destroyed.
 */
export function startTls(
  socket: Socket,
  secureContext: SecureContext,
  protocol?: { name: string; must: boolean },
): Promise<TLSSocket | undefined> {
  const secured = new TLSSocket(socket, { isServer: true, secureContext, ...(protocol && { ALPNProtocols: offered(protocol.name) }) })
  return new Promise((resolve) => {
    secured.on('error', () => resolve(undefined))
    secured.once('close', () => resolve(undefined))
    secured.once('secure', () => {
      if (!protocol?.must || secured.alpnProtocol === protocol.name) return resolve(secured)
      secured.destroy()
    })
  })
}
