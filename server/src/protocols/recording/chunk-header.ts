import type { Stream } from './frames.ts'

export interface ChunkHeader {
  final: boolean
  stream: Stream
  segment: number
  index: number
  /** Microseconds from the segment's start. */
  at: number
  plainLength: number
  sealedLength: number
  /** SHA-256 of the block before. */
  previous: Uint8Array
}

export const chunkMagic = Buffer.from('CLVC')
export const chunkFixed = 64
const longestPlain = 393_216
const longestSealed = 409_600
/** Where `previous` stands in a chunk. */
export const chunkPrevious = 32
const streams: Record<Stream, number> = { viewers: 1, officers: 2 }

/** The 64 bytes before the sealed ones (docs/formats.md, Chunk). */
export function encodeChunkHeader(header: ChunkHeader): Buffer {
  if (header.plainLength > longestPlain || header.sealedLength > longestSealed)
    throw new RangeError(`a chunk of ${header.plainLength} bytes`)
  const bytes = Buffer.alloc(chunkFixed)
  chunkMagic.copy(bytes)
  bytes[4] = header.final ? 1 : 0
  bytes[5] = streams[header.stream]
  bytes.writeUInt32BE(header.segment, 8)
  bytes.writeUInt32BE(header.index, 12)
  bytes.writeBigUInt64BE(BigInt(header.at), 16)
  bytes.writeUInt32BE(header.plainLength, 24)
  bytes.writeUInt32BE(header.sealedLength, 28)
  bytes.set(header.previous, chunkPrevious)
  return bytes
}

/** Undefined when a field is outside of its limits. */
export function decodeChunkHeader(fixed: Uint8Array): ChunkHeader | undefined {
  const bytes = Buffer.from(fixed.buffer, fixed.byteOffset, fixed.byteLength)
  if (bytes.length < chunkFixed || !bytes.subarray(0, 4).equals(chunkMagic)) return undefined
  const flags = bytes[4] as number
  const stream = bytes[5] === streams.viewers ? 'viewers' : bytes[5] === streams.officers ? 'officers' : undefined
  const at = bytes.readBigUInt64BE(16)
  const plainLength = bytes.readUInt32BE(24)
  const sealedLength = bytes.readUInt32BE(28)
  if (flags > 1 || !stream || (flags === 1 && stream !== 'viewers') || bytes.readUInt16BE(6) !== 0) return undefined
  if (at > BigInt(Number.MAX_SAFE_INTEGER) || plainLength > longestPlain || sealedLength < 16 || sealedLength > longestSealed)
    return undefined
  const previous = bytes.subarray(chunkPrevious, chunkFixed)
  const [segment, index] = [bytes.readUInt32BE(8), bytes.readUInt32BE(12)]
  return { final: flags === 1, stream, segment, index, at: Number(at), plainLength, sealedLength, previous }
}

/** What a chunk's tag covers beside its bytes: that it is this chunk of this recording, at this place of the chain. */
export function chunkAssociatedData(recording: string, header: Uint8Array): Buffer {
  const parts = [Buffer.from('claviger recording chunk 1'), Buffer.from(recording), header]
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      return [length, part]
    }),
  )
}

/** Unique for each chunk under a segment's key, so it need not be random. */
export function chunkNonce(segment: number, index: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(segment)
  nonce.writeBigUInt64BE(BigInt(index), 4)
  return nonce
}
