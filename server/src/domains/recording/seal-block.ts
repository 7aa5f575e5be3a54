import { promisify } from 'node:util'
import { zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { openAead, sealAeadParts, tagLength } from '../../platform/crypto/aead.ts'
import { hmacSha256, sameBytes } from '../../platform/crypto/hash.ts'
import {
  blockHash,
  type ChunkHeader,
  type Compression,
  chunkAssociatedData,
  chunkFixed,
  chunkNonce,
  encodeChunkHeader,
  encodeHeader,
  macLength,
  type SegmentHeader,
} from '../../protocols/recording/index.ts'
import type { SegmentKeys } from './segment-keys.ts'

const decompress = promisify(zstdDecompress)
/** What is smaller is unpacked at once: handing it to another thread and back takes longer, and a day in a terminal is thousands of small chunks. */
const worthAThread = 64 * 1024

/** What is smaller may lie in memory that others share. */
const worthReleasing = 16 * 1024

/** The whole segment header block, HMAC included. */
export function sealHeader(header: SegmentHeader, keys: SegmentKeys): Buffer {
  const bytes = encodeHeader(header)
  return Buffer.concat([bytes, hmacSha256(keys.header, bytes)])
}

export const headerIsOurs = (block: Uint8Array, keys: SegmentKeys): boolean =>
  sameBytes(hmacSha256(keys.header, block.subarray(0, -macLength)), block.subarray(-macLength))

/** A block as it goes into the file, in parts. `hash` is the link of the chain. */
export interface SealedChunk {
  parts: readonly Buffer[]
  hash: Buffer
}

/** The whole chunk. `packed` is what `pack` made of `header.plainLength` bytes of frames. */
export function sealChunk(
  header: Omit<ChunkHeader, 'sealedLength'>,
  recording: string,
  keys: SegmentKeys,
  packed: readonly Uint8Array[],
): SealedChunk {
  const key = keys[header.stream]
  if (!key) throw new Error('a chunk cannot be sealed without its key')
  const length = packed.reduce((sum, part) => sum + part.length, 0)
  const fixed = encodeChunkHeader({ ...header, sealedLength: length + tagLength })
  const sealed = sealAeadParts(key, chunkNonce(header.segment, header.index), chunkAssociatedData(recording, fixed), packed)
  const parts = [fixed, ...sealed]
  return { parts, hash: blockHash(...parts) }
}

/**
 * Gives the memory of what was written back at once, and not when somebody collects garbage: the collector counts what is outside of its heap,
 * and would go through all of it for each 64 MiB that pass. Nobody may read the parts afterwards.
 */
export function releaseSealed(parts: readonly Buffer[]): void {
  for (const { buffer, length } of parts) if (length >= worthReleasing && buffer.byteLength === length) (buffer as ArrayBuffer).transfer(0)
}

/** The frames of a chunk as bytes; `sealed` when the tag does not match, `unreadable` when what was sealed makes no sense. */
export async function openChunk(
  block: Uint8Array,
  { chunk, recording, compression, key }: { chunk: ChunkHeader; recording: string; compression: Compression; key: Uint8Array },
): Promise<Uint8Array | 'sealed' | 'unreadable'> {
  const fixed = block.subarray(0, chunkFixed)
  const packed = openAead(key, chunkNonce(chunk.segment, chunk.index), chunkAssociatedData(recording, fixed), block.subarray(chunkFixed))
  if (!packed) return 'sealed'
  if (compression === 'none') return packed.length === chunk.plainLength ? packed : 'unreadable'
  try {
    // the stated length is the limit, so that a small chunk cannot grow into a large memory
    const limit = { maxOutputLength: Math.max(1, chunk.plainLength) }
    const plain = chunk.plainLength < worthAThread ? zstdDecompressSync(packed, limit) : await decompress(packed, limit)
    return plain.length === chunk.plainLength ? plain : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
