import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { openAead, sealAead, tagLength } from '../../platform/crypto/aead.ts'
import { hmacSha256, sameBytes } from '../../platform/crypto/hash.ts'
import {
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

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** The whole segment header block, HMAC included. */
export function sealHeader(header: SegmentHeader, keys: SegmentKeys): Buffer {
  const bytes = encodeHeader(header)
  return Buffer.concat([bytes, hmacSha256(keys.header, bytes)])
}

export const headerIsOurs = (block: Uint8Array, keys: SegmentKeys): boolean =>
  sameBytes(hmacSha256(keys.header, block.subarray(0, -macLength)), block.subarray(-macLength))

export async function pack(plain: Uint8Array, compression: Compression): Promise<Uint8Array> {
  if (compression === 'none') return plain
  // room for all of it at once, should it not compress: in pieces of the usual 16 KiB it takes several times as long
  const chunkSize = Math.max(64, plain.length + Math.ceil(plain.length / 128) + 512)
  return await compress(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 }, pledgedSrcSize: plain.length, chunkSize })
}

/** The whole chunk. `packed` is what `pack` made of `header.plainLength` bytes of frames. */
export function sealChunk(header: Omit<ChunkHeader, 'sealedLength'>, recording: string, keys: SegmentKeys, packed: Uint8Array): Buffer {
  const key = keys[header.stream]
  if (!key) throw new Error('a chunk cannot be sealed without its key')
  const fixed = encodeChunkHeader({ ...header, sealedLength: packed.length + tagLength })
  return sealAead(key, chunkNonce(header.segment, header.index), chunkAssociatedData(recording, fixed), packed, fixed)
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
    const plain = await decompress(packed, { maxOutputLength: Math.max(1, chunk.plainLength) })
    return plain.length === chunk.plainLength ? plain : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
