import { Fields } from './fields.ts'
import { attributeBits, longestHandle, longestPacket, longestPath, packetTypes } from './types.ts'

/** What a client asks for. Paths and handles are bytes: neither has an encoding. */
export type Request =
  | { kind: 'init'; version: number }
  | { kind: 'open'; id: number; path: Buffer; flags: number }
  | { kind: 'read'; id: number; handle: Buffer; offset: number; length: number }
  | { kind: 'write'; id: number; handle: Buffer; offset: number; data: Buffer }
  | { kind: 'close' | 'fstat' | 'readdir'; id: number; handle: Buffer }
  | ({ kind: 'fsetstat'; id: number; handle: Buffer } & SetAttributes)
  | ({ kind: 'setstat'; id: number; path: Buffer } & SetAttributes)
  | { kind: PathRequest; id: number; path: Buffer }
  | { kind: 'rename' | 'symlink'; id: number; path: Buffer; to: Buffer }
  | { kind: 'extended'; id: number; name: string; fields: Buffer }

/** `size`: what the file is made, where it is said. `besides`: what else is set. */
export interface SetAttributes {
  size: number | undefined
  besides: 'nothing' | 'mode and times' | 'more'
}

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
      return { kind, id, path: fields.string(longestPath), ...setIn(fields) }
    case 'fsetstat':
      return { kind, id, handle: fields.string(longestHandle), ...setIn(fields) }
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

/** A mode without set-user-ID, set-group-ID and sticky; clients that send that of their own file say besides that it is one. */
const plainModes = 0o100777

/** Bits say which of the attributes follow; of those, in this order, the first. */
function setIn(fields: Fields): SetAttributes {
  if (fields.left < 4) return { size: undefined, besides: 'nothing' }
  const bits = fields.uint32()
  const size = (bits & attributeBits.size) !== 0 ? fields.uint64() : undefined
  const { mode, times } = attributeBits
  if ((bits & ~(attributeBits.size | mode | times)) !== 0) return { size, besides: 'more' }
  if ((bits & mode) !== 0 && (fields.uint32() & ~plainModes) !== 0) return { size, besides: 'more' }
  return { size, besides: (bits & (mode | times)) === 0 ? 'nothing' : 'mode and times' }
}
