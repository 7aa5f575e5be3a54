import { promisify } from 'node:util'
import { zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { openAead, sealAeadParts, tagLength } from '../../platform/crypto/aead.ts'
import { hmacSha256, sameBytes } from '../../platform/crypto/hash.ts'
import {
  blockHashOfParts,
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

/** So much is sealed in one go. A quarter of a megabyte takes a quarter of a millisecond, which somebody's key in the same process need not wait for. */
const atATime = 64 * 1024
/** What stands between the pieces is no step of its own. */
const small = 1024

/** The whole chunk. `packed` is what `pack` made of `header.plainLength` bytes of frames. */
export function sealChunk(...chunk: Parameters<typeof sealInSteps>): SealedChunk {
  const steps = sealInSteps(...chunk)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same, a step with each `next`. What is packed must not be changed until the last. */
export function* sealInSteps(
  header: Omit<ChunkHeader, 'sealedLength'>,
  recording: string,
  keys: SegmentKeys,
  packed: readonly Uint8Array[],
): Generator<undefined, SealedChunk, undefined> {
  const key = keys[header.stream]
  if (!key) throw new Error('a chunk cannot be sealed without its key')
  const length = packed.reduce((sum, part) => sum + part.length, 0)
  const fixed = encodeChunkHeader({ ...header, sealedLength: length + tagLength })
  const sealing = sealAeadParts(key, chunkNonce(header.segment, header.index), chunkAssociatedData(recording, fixed))
  const hash = blockHashOfParts()
  const parts: Buffer[] = []
  const add = (part: Buffer) => {
    hash.update(part)
    parts.push(part)
  }
  add(fixed)
  let inThisStep = 0
  for (const part of packed)
    for (let from = 0; from < part.length; from += atATime) {
      const piece = part.subarray(from, from + atATime)
      if (inThisStep + piece.length > atATime + small) {
        yield
        inThisStep = 0
      }
      add(sealing.update(piece))
      inThisStep += piece.length
    }
  add(sealing.tag())
  return { parts, hash: hash.digest() }
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
