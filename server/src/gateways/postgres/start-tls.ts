import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'

/** What the door shows to clients, as PEM. The chain does not hold the authority itself. */
export interface DoorCertificate {
  certificate: string
  privateKey: string
}

export const secureContextOf = ({ certificate, privateKey }: DoorCertificate): SecureContext =>
  createSecureContext({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' })

const protocolName = 'postgresql'
/** One name with its length before it, RFC 7301 section 3.1. */
const offeredProtocol = Buffer.from(`${String.fromCharCode(protocolName.length)}${protocolName}`)

/**
 * The server's side of TLS on an accepted connection; undefined when nothing came of it. `direct`: the client began without
 * asking, and must then name the protocol (PostgreSQL docs, "SSL Session Encryption"). From here on only the secured socket
 * may be destroyed.
 */
export function startTls(socket: Socket, secureContext: SecureContext, direct: boolean): Promise<TLSSocket | undefined> {
  const secured = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: offeredProtocol })
  return new Promise((resolve) => {
    secured.on('error', () => resolve(undefined))
    secured.once('close', () => resolve(undefined))
    secured.once('secure', () => {
      if (!direct || secured.alpnProtocol === protocolName) return resolve(secured)
      secured.destroy()
    })
  })
}
