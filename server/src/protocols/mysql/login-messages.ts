import { can, chosenBySessions, ourCapabilities } from './capabilities.ts'
import { utf8mb4 } from './greeting.ts'
import { integerAt, textAt } from './packet.ts'

const longestStatement = 1 << 24

/** What a session of somebody else's asks for beyond a login of ours. */
export interface SessionWish {
  /** Of `chosenBySessions`, and `localFiles` where policy lets files pass. */
  capabilities: number
  /** Number of a collation, and so of a character set. */
  collation: number
  /** Empty for none; it holds no zero byte. */
  database: string
  /** What the program calls itself, at most 200 bytes. */
  program?: string
}
const nothingMore: SessionWish = { capabilities: 0, collation: utf8mb4, database: '' }

const head = ({ capabilities, collation, database, program }: SessionWish): Buffer => {
  const bytes = Buffer.alloc(32)
  const named = (database === '' ? 0 : can.connectWithDatabase) | (program === undefined ? 0 : can.connectAttributes)
  const all = ourCapabilities | can.ssl | (capabilities & (chosenBySessions | can.localFiles)) | named
  bytes.writeUInt32LE(all >>> 0, 0)
  bytes.writeUInt32LE(longestStatement, 4)
  bytes[8] = collation
  return bytes
}

/** Protocol::SSLRequest: what we can, and no name yet. TLS begins right behind it. */
export const sslRequest = (wish = nothingMore): Buffer => head(wish)

/** Protocol::HandshakeResponse41. The name holds no zero byte; a proof has at most 250 bytes. */
export const loginRequest = (user: string, proof: Uint8Array, plugin: string, wish = nothingMore): Buffer =>
  Buffer.concat([
    head(wish),
    Buffer.from(`${user}\0`),
    Buffer.from([proof.length]),
    proof,
    Buffer.from(wish.database === '' ? '' : `${wish.database}\0`),
    Buffer.from(`${plugin}\0`),
    wish.program === undefined ? Buffer.alloc(0) : attributes(['program_name', wish.program]),
  ])

/** One attribute of a connection, in a list of its own; each of its parts is shorter than 251 bytes. */
const attributes = (attribute: readonly [name: string, value: string]): Buffer => {
  const parts = attribute.flatMap((part) => {
    const bytes = Buffer.from(part)
    return [Buffer.from([bytes.length]), bytes]
  })
  const list = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([list.length]), list])
}

/** What a server answers during a login. */
export type LoginAnswer =
  | { kind: 'ok'; status: number }
  | { kind: 'error'; number: number; sqlState: string }
  /** It wants another method than the one that we began with. */
  | { kind: 'switch'; plugin: string; challenge: Buffer }
  /** Something of the method's own, such as "send it all". */
  | { kind: 'more'; data: Buffer }
  | { kind: 'unknown' }

export function readLoginAnswer(body: Buffer): LoginAnswer {
  switch (body[0]) {
    case 0x00:
      return { kind: 'ok', status: statusOf(body) }
    case 0x01:
      return { kind: 'more', data: body.subarray(1) }
    case 0xfe: {
      const plugin = textAt(body, 1)
      // a bare 0xfe asks for the hash of before 2001
      if (!plugin) return { kind: 'switch', plugin: 'mysql_old_password', challenge: Buffer.alloc(0) }
      return { kind: 'switch', plugin: plugin.text, challenge: body.subarray(plugin.next, plugin.next + 20) }
    }
    case 0xff:
      return { kind: 'error', ...readError(body) }
  }
  return { kind: 'unknown' }
}

/** Status flags of an OK_Packet, in which a server says among others how it reads quotes. */
function statusOf(body: Buffer): number {
  const affected = integerAt(body, 1)
  const id = affected && integerAt(body, affected.next)
  return id && id.next + 2 <= body.length ? body.readUInt16LE(id.next) : 2
}

/** ERR_Packet: a number, and an SQLSTATE behind `#` where the client is known already. Its text is not read. */
export function readError(body: Buffer): { number: number; sqlState: string } {
  if (body.length < 3) return { number: 0, sqlState: '' }
  const sqlState = body[3] === 0x23 ? body.toString('latin1', 4, 9).replace(/[^0-9A-Z]/g, '') : ''
  return { number: body.readUInt16LE(1), sqlState }
}
