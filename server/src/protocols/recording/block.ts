import { type ChunkHeader, chunkFixed, chunkMagic, decodeChunkHeader } from './chunk-header.ts'
import { blockHash } from './hash.ts'
import { decodeHeader, headerFixed, headerLength, headerMagic, type SegmentHeader } from './segment-header.ts'

/** Where a recording is read from: a file, or bytes in memory. `read` gives fewer bytes than asked only at the end. */
export interface ByteSource {
  readonly size: number
  read(from: number, length: number): Promise<Uint8Array>
}

export const bytesInMemory = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (from, length) => bytes.subarray(from, from + length),
})

interface Placed {
  from: number
  /** The offset after it. */
  to: number
  /** SHA-256 of the whole block. */
  hash: Buffer
  previous: Uint8Array
}
export type HeaderBlock = Placed & { what: 'header'; header: SegmentHeader }
export type ChunkBlock = Placed & { what: 'chunk'; chunk: ChunkHeader }
export type Block = HeaderBlock | ChunkBlock

/**
 * The block that begins at `from`, with its bytes. `torn` when what is there is the beginning of a block that the source does
 * not hold to its end, as a kill leaves it; `bad` when no block of ours begins like that.
 */
export async function blockAt(source: ByteSource, from: number): Promise<{ block: Block; bytes: Uint8Array } | 'torn' | 'bad'> {
  const fixed = await source.read(from, headerFixed)
  const magic = Buffer.from(fixed.subarray(0, 4))
  const isHeader = magic.equals(headerMagic.subarray(0, magic.length))
  const isChunk = magic.equals(chunkMagic.subarray(0, magic.length))
  if (!isHeader && !isChunk) return 'bad'
  if (fixed.length < (isHeader ? headerFixed : chunkFixed)) return 'torn'

  const chunk = isHeader ? undefined : decodeChunkHeader(fixed)
  const length = isHeader ? headerLength(fixed) : chunk && chunkFixed + chunk.sealedLength
  if (length === undefined) return 'bad'
  if (from + length > source.size) return 'torn'

  const bytes = await source.read(from, length)
  if (bytes.length < length) return 'torn'
  const placed = { from, to: from + length, hash: blockHash(bytes) }
  if (chunk) return { block: { ...placed, what: 'chunk', chunk, previous: Buffer.from(chunk.previous) }, bytes }
  const header = decodeHeader(bytes)
  return header ? { block: { ...placed, what: 'header', header, previous: Buffer.from(header.previous) }, bytes } : 'bad'
}

/** A stretch of a file that is no block: altered, or the torn end. */
export interface Gap {
  what: 'gap'
  from: number
  to: number
  torn: boolean
}

/** More than any session of hours can make; beyond it someone feeds us something else. */
const mostBlocks = 2_000_000

/** Everything in the file, gaps included; finds its footing again after a gap by looking for the next block. */
export async function scan(source: ByteSource): Promise<(Block | Gap)[]> {
  const found: (Block | Gap)[] = []
  for (let at = 0; at < source.size && found.length < mostBlocks; ) {
    const here = await blockAt(source, at)
    if (typeof here === 'object') {
      found.push(here.block)
      at = here.block.to
      continue
    }
    const next = await nextBlock(source, at + 1)
    found.push({ what: 'gap', from: at, to: next, torn: here === 'torn' && next === source.size })
    at = next
  }
  return found
}

const stride = 1024 * 1024

/** The offset of the first whole block at or after `from`; the size when there is none. */
async function nextBlock(source: ByteSource, from: number): Promise<number> {
  for (let at = from; at < source.size; at += stride) {
    // three bytes more, so that a magic across two strides is seen
    const window = Buffer.from(await source.read(at, stride + 3))
    for (let hit = window.indexOf('CLV'); hit >= 0 && hit < stride; hit = window.indexOf('CLV', hit + 1)) {
      if (typeof (await blockAt(source, at + hit)) === 'object') return at + hit
    }
  }
  return source.size
}
