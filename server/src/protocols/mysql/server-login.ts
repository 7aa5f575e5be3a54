import { can } from './capabilities.ts'
import { integerAt, textAt } from './packet.ts'

/** What a client says of itself under TLS (Protocol::HandshakeResponse41). */
export interface ClientLogin {
  capabilities: number
  collation: number
  user: string
  /** The answer to the challenge by `plugin`, or with `mysql_clear_password` the password and a zero byte. */
  proof: Buffer
  plugin: string
  /** Empty for none. */
  database: string
  /** What the program calls itself. */
  program: string
}

const fixed = 32
/** Names and values that a client says of itself; beyond it the rest is not read. */
const mostAttributes = 64

/** The capabilities that a first packet asks for; undefined when it is none of a client of 4.1 or newer. */
export function wishedCapabilities(body: Buffer): number | undefined {
  if (body.length < fixed) return undefined
  const capabilities = body.readUInt32LE(0)
  return capabilities & can.protocol41 ? capabilities : undefined
}

/** Reads what follows TLS; undefined when it is cut, or not of a client that lets a plug-in be named. */
export function readClientLogin(body: Buffer): ClientLogin | undefined {
  const capabilities = wishedCapabilities(body)
  if (capabilities === undefined || !(capabilities & can.pluginAuth) || !(capabilities & can.secureConnection)) return undefined
  const user = textAt(body, fixed)
  if (!user) return undefined
  const length = capabilities & can.longProofs ? integerAt(body, user.next) : { value: body[user.next] ?? 256, next: user.next + 1 }
  if (!length || length.next + length.value > body.length) return undefined
  const proof = body.subarray(length.next, length.next + length.value)
  let at = length.next + length.value
  const text = (): string | undefined => {
    // some end with the packet where others have a zero byte
    const found = textAt(body, at) ?? { text: body.toString('utf8', at), next: body.length }
    at = found.next
    return found.text
  }
  const database = capabilities & can.connectWithDatabase ? text() : ''
  const plugin = text()
  if (database === undefined || plugin === undefined) return undefined
  const program = capabilities & can.connectAttributes ? programIn(body, at) : ''
  return { capabilities, collation: body[8] as number, user: user.text, proof, plugin, database, program }
}

/** `program_name` among a client's attributes; anything that is no list of them has none. */
function programIn(body: Buffer, start: number): string {
  const all = integerAt(body, start)
  if (!all) return ''
  const end = Math.min(body.length, all.next + all.value)
  let at = all.next
  for (let i = 0; i < mostAttributes && at < end; i++) {
    const name = fieldAt(body, at, end)
    const value = name && fieldAt(body, name.next, end)
    if (!name || !value) return ''
    if (name.text === 'program_name') return value.text
    at = value.next
  }
  return ''
}

function fieldAt(body: Buffer, at: number, end: number): { text: string; next: number } | undefined {
  const length = integerAt(body, at)
  if (!length || length.next + length.value > end) return undefined
  return { text: body.toString('utf8', length.next, length.next + length.value), next: length.next + length.value }
}

/** Protocol::AuthSwitchRequest. */
export const switchTo = (plugin: string, challenge: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), challenge, Buffer.alloc(1)])

/** Protocol::AuthMoreData of `caching_sha2_password`: the whole password is asked for, which a client sends under TLS only. */
export const sendItAll: Buffer = Buffer.from([0x01, 0x04])

/** OK_Packet: no rows, no id, no warnings, and a sentence with its length before it, as clients read it (at most 65,535 bytes). */
export function okBody(status: number, sentence: string): Buffer {
  const text = Buffer.from(sentence)
  const length = Buffer.from([0xfc, text.length & 255, text.length >> 8])
  return Buffer.concat([Buffer.from([0, 0, 0, status & 255, status >> 8, 0, 0]), length, text])
}

/** ERR_Packet. Before a client has said who it is there is no SQLSTATE in it. */
export function errorBody(number: number, sqlState: string | undefined, sentence: string): Buffer {
  const head = Buffer.from([0xff, number & 255, number >> 8])
  return Buffer.concat([head, Buffer.from(sqlState === undefined ? sentence : `#${sqlState}${sentence}`)])
}
