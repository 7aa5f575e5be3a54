import { can } from './capabilities.ts'
import { textAt } from './packet.ts'

/** What a server says first, before it knows anything of us. All of it is unproven. */
export interface MysqlGreeting {
  version: string
  /** Our number among its connections: what `kill` takes. */
  connection: number
  capabilities: number
  /** 20 bytes. */
  challenge: Buffer
  plugin: string
}

/** Reads a greeting (Protocol::HandshakeV10); undefined when it is none. */
export function readGreeting(body: Buffer): MysqlGreeting | undefined {
  if (body[0] !== 10) return undefined
  const version = textAt(body, 1)
  // connection 4, challenge 8, filler 1, capabilities 2, charset 1, status 2, capabilities 2, length 1, reserved 10
  if (!version || version.text.length > 200 || body.length < version.next + 31) return undefined
  const at = version.next
  const capabilities = (body.readUInt16LE(at + 13) | (body.readUInt16LE(at + 18) << 16)) >>> 0
  if (!(capabilities & can.protocol41) || !(capabilities & can.secureConnection)) return undefined
  const rest = body.subarray(at + 31)
  if (rest.length < 12) return undefined
  const challenge = Buffer.concat([body.subarray(at + 4, at + 12), rest.subarray(0, 12)])
  const length = Math.max(13, (body[at + 20] as number) - 8)
  const plugin = capabilities & can.pluginAuth ? (textAt(rest, length)?.text ?? rest.toString('utf8', length)) : 'mysql_native_password'
  return { version: version.text, connection: body.readUInt32LE(at), capabilities, challenge, plugin }
}

/** The same from our side, for a client that is told of a login which is done already. */
export function writeGreeting({ version, connection, capabilities, challenge, plugin }: MysqlGreeting): Buffer {
  const middle = Buffer.alloc(31)
  middle.writeUInt32LE(connection, 0)
  challenge.copy(middle, 4, 0, 8)
  middle.writeUInt16LE(capabilities & 0xffff, 13)
  middle[15] = utf8mb4
  middle.writeUInt16LE(capabilities >>> 16, 18)
  middle[20] = 21
  return Buffer.concat([Buffer.from([10]), Buffer.from(`${version}\0`), middle, challenge.subarray(8), Buffer.from(`\0${plugin}\0`)])
}

/** utf8mb4_general_ci, which every server since MySQL 5.5 has. */
export const utf8mb4 = 45
