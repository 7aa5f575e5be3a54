import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { readBytes } from '../../platform/postgres-client/index.ts'
import { type FirstPacket, longestFirstPacket, readFirstPacket } from '../../protocols/postgres/index.ts'
import { leave } from '../door/leave.ts'
import { startTls } from '../door/start-tls.ts'
import { sqlStates, turnAway } from './say.ts'

type Startup = Extract<FirstPacket, { kind: 'startup' }>
type Cancel = Extract<FirstPacket, { kind: 'cancel' }>

/** What a connection wants, told under TLS. */
export type Wish = { socket: Duplex; asks: Startup | Cancel }

export interface FirstPacketsDeps {
  /** The certificate of this moment. */
  secureContext(): SecureContext
  /** Not what a client of PostgreSQL says. */
  malformed(what: string): void
  /** TLS stands: only this one may be destroyed from now on. */
  secured(socket: Duplex): void
}

const tlsHandshake = 0x16 // RFC 8446 section 5.1

/**
 * Goes through what a client says before it says who it is: GSS encryption is declined, TLS begins, and without TLS nobody
 * comes further. Undefined when the connection ended here; it was told why.
 */
export async function firstPackets(line: Socket, deps: FirstPacketsDeps): Promise<Wish | undefined> {
  let socket: Duplex = line
  let secure = false
  // at most: GSS declined, TLS, and the startup under it
  for (let count = 0; count < 4; count++) {
    const head = await readBytes(socket, 4)
    if (!head) return undefined
    if (!secure && head[0] === tlsHandshake) {
      line.unshift(head)
      const direct = await beginTls(line, true, deps)
      if (!direct) return undefined
      socket = direct
      secure = true
      continue
    }
    const length = head.readUInt32BE(0) - 4
    const body = length >= 4 && length <= longestFirstPacket ? await readBytes(socket, length) : undefined
    const packet = body && readFirstPacket(body)
    if (!packet) {
      deps.malformed('did not speak PostgreSQL')
      turnAway(socket, sqlStates.protocol, 'This is a PostgreSQL gateway, and what came is no startup message of PostgreSQL.')
      return undefined
    }
    if (packet.kind === 'cancel') return { socket, asks: packet }
    if (packet.kind === 'gss') socket.write('N')
    else if (packet.kind === 'ssl') {
      // what is behind the request came in clear text, and must not be taken for something that was said under TLS
      if (secure || socket.readableLength > 0) {
        deps.malformed('clear text behind the request for TLS')
        leave(socket)
        return undefined
      }
      socket.write('S')
      const secured = await beginTls(line, false, deps)
      if (!secured) return undefined
      socket = secured
      secure = true
    } else if (packet.kind === 'version') {
      turnAway(socket, sqlStates.unsupported, `Protocol ${packet.major}.${packet.minor} is not spoken here, only 3.0.`)
      return undefined
    } else if (!secure) {
      turnAway(
        socket,
        sqlStates.notAuthorised,
        'This gateway takes connections with TLS only.',
        'Connect with sslmode=require or verify-full.',
      )
      return undefined
    } else return { socket, asks: packet }
  }
  deps.malformed('asked for encryption again and again')
  leave(socket)
  return undefined
}

async function beginTls(line: Socket, direct: boolean, deps: FirstPacketsDeps) {
  // who begins without asking must name the protocol: PostgreSQL docs, "SSL Session Encryption"
  const secured = await startTls(line, deps.secureContext(), { name: 'postgresql', must: direct })
  if (secured) deps.secured(secured)
  else deps.malformed('TLS did not come about')
  return secured
}
