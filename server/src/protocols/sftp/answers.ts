import { Fields } from './fields.ts'
import { attributeBits, longestHandle, longestPacket, packetTypes, statusCodes } from './types.ts'

/** What a server says, as far as it matters to who looks on. */
export type Answer =
  | { kind: 'version'; version: number; extensions: { name: string; value: Buffer }[] }
  | { kind: 'status'; id: number; code: number; message: string }
  | { kind: 'handle'; id: number; handle: Buffer }
  | { kind: 'data'; id: number; data: Buffer }
  /** The first of the names that it says. */
  | { kind: 'name'; id: number; name: Buffer }
  /** `folder`: undefined where it does not say what it is. */
  | { kind: 'attrs'; id: number; folder: boolean | undefined }
  | { kind: 'other'; id: number }

const mostExtensions = 64

/** A packet of a server, without its length; undefined where it is none, or has no sense. */
export function decodeAnswer(packet: Buffer): Answer | undefined {
  const fields = new Fields(packet, 1)
  const id = fields.uint32()
  const answer = readAnswer(packet[0] as number, id, fields)
  return fields.sound ? answer : undefined
}

function readAnswer(type: number, id: number, fields: Fields): Answer | undefined {
  switch (type) {
    case packetTypes.version: {
      const extensions = []
      while (fields.sound && fields.left > 0 && extensions.length < mostExtensions)
        extensions.push({ name: fields.string(longestHandle).toString('latin1'), value: fields.string(longestPacket) })
      return { kind: 'version', version: id, extensions }
    }
    case packetTypes.status: {
      const code = fields.uint32()
      // older servers say no more than the code
      return { kind: 'status', id, code, message: fields.left >= 4 ? fields.string(longestPacket).toString() : '' }
    }
    case packetTypes.handle:
      return { kind: 'handle', id, handle: fields.string(longestHandle) }
    case packetTypes.data:
      return { kind: 'data', id, data: fields.string(longestPacket) }
    case packetTypes.name:
      return { kind: 'name', id, name: fields.uint32() > 0 ? fields.string(longestPacket) : Buffer.alloc(0) }
    case packetTypes.attrs:
      return { kind: 'attrs', id, folder: isFolder(fields) }
    case packetTypes.extendedReply:
      return { kind: 'other', id }
    default:
      return undefined
  }
}

const fileType = 0o170000
const folderType = 0o040000

function isFolder(fields: Fields): boolean | undefined {
  const bits = fields.uint32()
  // eight bytes each: its size, and the numbers of its user and group
  for (const bit of [attributeBits.size, attributeBits.owners])
    if ((bits & bit) !== 0) {
      fields.uint32()
      fields.uint32()
    }
  return (bits & attributeBits.mode) === 0 ? undefined : (fields.uint32() & fileType) === folderType
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const string = (value: Buffer | string): Buffer[] => [uint32(Buffer.byteLength(value)), Buffer.from(value)]

/** A packet with its length in front, as it goes onto the wire. */
export const framed = (packet: Buffer): Buffer => Buffer.concat([uint32(packet.length), packet])

export const encodeVersion = (version: number, extensions: readonly { name: string; value: Buffer }[]): Buffer =>
  framed(
    Buffer.concat([
      Uint8Array.of(packetTypes.version),
      uint32(version),
      ...extensions.flatMap(({ name, value }) => [...string(name), ...string(value)]),
    ]),
  )

/** A no of our own to request `id`. */
export const encodeStatus = (id: number, code: keyof typeof statusCodes, message: string): Buffer =>
  framed(Buffer.concat([Uint8Array.of(packetTypes.status), uint32(id), uint32(statusCodes[code]), ...string(message), ...string('en')]))

/** A request of our own about a path. */
export const encodePathRequest = (kind: 'realpath' | 'lstat', id: number, path: Buffer | string): Buffer =>
  framed(Buffer.concat([Uint8Array.of(packetTypes[kind]), uint32(id), ...string(path)]))
