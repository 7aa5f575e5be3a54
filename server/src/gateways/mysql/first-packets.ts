import type { TLSSocket } from 'node:tls'
import { readPacket } from '../../platform/mysql-client/index.ts'
import { type ClientLogin, can, offered, packet, readClientLogin, wishedCapabilities, writeGreeting } from '../../protocols/mysql/index.ts'
import { leave } from '../door/leave.ts'
import type { Visitor } from '../door/sql/open-sql-door.ts'
import { startTls } from '../door/start-tls.ts'
import { turnAway } from './say.ts'

/**
 * What we call ourselves. The door learns only later which server is meant; what clients take from it is that everything since MySQL 8.0 is there
 * that they ask for by capabilities.
 */
const version = '8.0.11-Claviger'

/** What a connection says of itself under TLS. */
export interface Came {
  socket: TLSSocket
  login: ClientLogin
  /** The number of the packet that it expects next. */
  sequence: number
}

/** Greets, has TLS begin, and reads who it is. Without TLS nobody comes further. Undefined when the connection ended here; it was told why. */
export async function firstPackets(
  visitor: Visitor,
  ours: { connection: number; challenge: Buffer },
  malformed: (what: string) => void,
): Promise<Came | undefined> {
  const { line } = visitor
  line.write(packet(0, writeGreeting({ ...ours, version, capabilities: offered, plugin: 'caching_sha2_password' })))
  const request = await readPacket(line, 1)
  const wished = request && wishedCapabilities(request)
  if (wished === undefined) {
    malformed('did not speak MySQL')
    turnAway(line, 2, 'protocol', 'This is a MySQL gateway, and what came is no login of MySQL 4.1 or newer.')
    return undefined
  }
  if (!(wished & can.ssl)) {
    turnAway(
      line,
      2,
      'refused',
      'This gateway takes connections with TLS only. Use claviger connect, or --ssl-verify-server-cert with --ssl-ca.',
    )
    return undefined
  }
  // the client begins TLS without waiting for an answer
  const socket = await startTls(line, visitor.secureContext())
  if (!socket) {
    malformed('TLS did not come about')
    return undefined
  }
  visitor.secured(socket)
  const body = await readPacket(socket, 2)
  const login = body && readClientLogin(body)
  if (login) return { socket, login, sequence: 3 }
  malformed('no login under TLS')
  if (body) turnAway(socket, 3, 'protocol', 'What came is no login of a client that can name its way of signing in (MySQL 5.5 or newer).')
  else leave(socket)
  return undefined
}
