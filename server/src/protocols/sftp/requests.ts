import { Fields } from './fields.ts'
import { attributeBits, longestHandle, longestPacket, longestPath, packetTypes } from './types.ts'

/** What a client asks for. Paths and handles are bytes: neither has an encoding. */
export type Request =
  | { kind: 'init'; version: number }
  | { kind: 'open'; id: number; path: Buffer; flags: number }
  | { kind: 'read'; id: number; handle: Buffer; offset: number; length: number }
  | { kind: 'write'; id: number; handle: Buffer; offset: number; data: Buffer }
  | { kind: 'close' | 'fstat' | 'readdir'; id: number; handle: Buffer }
  /** `size`: what the file is made, where it is said. */
  | { kind: 'fsetstat'; id: number; handle: Buffer; size: number | undefined }
  | { kind: 'setstat'; id: number; path: Buffer; size: number | undefined }
  | { kind: PathRequest; id: number; path: Buffer }
  | { kind: 'rename' | 'symlink'; id: number; path: Buffer; to: Buffer }
  | { kind: 'extended'; id: number; name: string; fields: Buffer }

const pathRequests = ['lstat', 'opendir', 'remove', 'mkdir', 'rmdir', 'realpath', 'stat', 'readlink'] as const
type PathRequest = (typeof pathRequests)[number]

const names = new Map<number, keyof typeof packetTypes>(
  Object.entries(packetTypes).map(([name, type]) => [type, name as keyof typeof packetTypes]),
)

/** A packet of a client, without its length; undefined where it is none, or has no sense. */
export function decodeRequest(packet: Buffer): Request | undefined {
  const kind = names.get(packet[0] as number)
  const fields = new Fields(packet, 1)
  const id = fields.uint32()
  const request = kind && readRequest(kind, id, fields, packet)
  return fields.sound ? request : undefined
}

function readRequest(kind: keyof typeof packetTypes, id: number, fields: Fields, packet: Buffer): Request | undefined {
  switch (kind) {
    case 'init':
      return { kind, version: id }
    case 'open':
      return { kind, id, path: fields.string(longestPath), flags: fields.uint32() }
    case 'read':
      return { kind, id, handle: fields.string(longestHandle), offset: fields.uint64(), length: fields.uint32() }
    case 'write':
      return { kind, id, handle: fields.string(longestHandle), offset: fields.uint64(), data: fields.string(longestPacket) }
    case 'setstat':
      return { kind, id, path: fields.string(longestPath), size: sizeIn(fields) }
    case 'fsetstat':
      return { kind, id, handle: fields.string(longestHandle), size: sizeIn(fields) }
    case 'close':
    case 'fstat':
    case 'readdir':
      return { kind, id, handle: fields.string(longestHandle) }
    case 'rename':
    case 'symlink':
      return { kind, id, path: fields.string(longestPath), to: fields.string(longestPath) }
    case 'extended':
      return { kind, id, name: fields.string(longestHandle).toString('latin1'), fields: packet.subarray(packet.length - fields.left) }
    default:
      return (pathRequests as readonly string[]).includes(kind)
        ? { kind: kind as PathRequest, id, path: fields.string(longestPath) }
        : undefined
  }
}

/** The first of a file's attributes, if the bits before them say that it is there. */
const sizeIn = (fields: Fields): number | undefined =>
  fields.left >= 4 && (fields.uint32() & attributeBits.size) !== 0 ? fields.uint64() : undefined
