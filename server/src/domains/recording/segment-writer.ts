import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { blockHash, type Compression, type Head, reuse, type SegmentFacts, type Stream } from '../../protocols/recording/index.ts'
import type { ChunkFile } from './chunk-file.ts'
import { pack } from './pack.ts'
import { releaseSealed, sealHeader, sealInSteps } from './seal-block.ts'
import { deriveSegmentKeys, type RecordingKeys, type SegmentKeys, wipeSegmentKeys } from './segment-keys.ts'

/** Frames that are to become a chunk. `at` in microseconds from the segment's start. */
export interface OpenChunk {
  stream: Stream
  at: number
  plain: Buffer
  final: boolean
}

/** Where a segment takes up the chain: at the very beginning, or after what an earlier one left. */
export interface ChainPoint {
  segment: number
  chunks: number
  previous: Uint8Array
}

/** A sealed chunk as it stands in the file. It must not be changed. */
export type TakeBlock = (block: Uint8Array, what: { stream: Stream; index: number }) => void

const stretch = 256 * 1024

export const chainStart: ChainPoint = { segment: 1, chunks: 0, previous: new Uint8Array(32) }

/** A chunk that has its place in the chain, and is not in the file yet. */
export interface SealedBlock {
  parts: readonly Buffer[]
  /** Bytes of its frames. */
  plainLength: number
  hash: Buffer
  stream: Stream
  index: number
}

/** Seals chunks and appends them to the chain, in the order in which they were sealed. */
export class SegmentWriter {
  readonly #file: ChunkFile
  readonly #recording: string
  readonly #keys: SegmentKeys
  readonly #compression: Compression
  readonly #segment: number
  #head: Head & { bytes: number }
  /** Of the last block that was sealed; the file may be behind it. Undefined while one is being sealed. */
  #previous: Uint8Array | undefined
  #next: number
  readonly #takers = new Set<TakeBlock>()
  /** Where blocks begin in the file, one for each stretch: so that its end is read without what stands before it. */
  readonly #marks: number[] = []
  /** The segment's header as it stands in the file. */
  readonly header: Uint8Array

  private constructor(file: ChunkFile, header: Uint8Array, recording: string, keys: SegmentKeys, compression: Compression, at: ChainPoint) {
    this.header = header
    this.#file = file
    this.#recording = recording
    this.#keys = keys
    this.#compression = compression
    this.#segment = at.segment
    this.#previous = at.previous
    this.#next = at.chunks
    this.#head = this.#reached(at.chunks, at.previous)
  }

  /** Writes the segment's header, with a new salt and so with new keys. */
  static async begin(
    file: ChunkFile,
    facts: SegmentFacts,
    keys: RecordingKeys,
    compression: Compression,
    at: ChainPoint,
  ): Promise<SegmentWriter> {
    const salt = randomSecretBytes(32)
    const segmentKeys = await deriveSegmentKeys(keys, { recording: facts.recording, segment: at.segment, salt })
    const block = sealHeader({ segment: at.segment, compression, salt, previous: at.previous, facts }, segmentKeys)
    await file.append(block)
    return new SegmentWriter(file, block, facts.recording, segmentKeys, compression, { ...at, previous: blockHash(block) })
  }

  /** How far it has been written; not necessarily safe from a power cut yet. The same object until more is written. */
  get head(): Head & { bytes: number } {
    return this.#head
  }

  pack(plain: Uint8Array): ReturnType<typeof pack> {
    return pack(plain, this.#compression)
  }

  /**
   * Gives a chunk its place, in steps. `packed` is what `pack` made of its frames, which are not needed any more after the last. One chunk at a
   * time: the next one goes on from where this one ended.
   */
  *seal(chunk: OpenChunk, packed: readonly Uint8Array[]): Generator<undefined, SealedBlock, undefined> {
    const { stream, plain } = chunk
    const header = { ...this.#place(), final: chunk.final, stream, segment: this.#segment, at: chunk.at, plainLength: plain.length }
    const { parts, hash } = yield* sealInSteps(header, this.#recording, this.#keys, packed)
    reuse(plain)
    this.#previous = hash
    return { parts, plainLength: header.plainLength, hash, stream, index: header.index }
  }

  /** The next place of the chain, for one chunk and no other: its number makes the nonce, which must not come again. */
  #place(): { index: number; previous: Uint8Array } {
    const previous = this.#previous
    if (!previous) throw new Error('one chunk is sealed at a time')
    this.#previous = undefined
    return { index: this.#next++, previous }
  }

  /** Writes blocks in the order in which they were sealed. Not for two callers at a time. */
  async append(blocks: readonly SealedBlock[]): Promise<void> {
    const last = blocks.at(-1)
    if (!last) return
    const from = this.#file.length
    if (from >= (this.#marks.at(-1) ?? -stretch) + stretch) this.#marks.push(from)
    await this.#file.append(...blocks.flatMap(({ parts }) => parts))
    this.#head = this.#reached(this.#head.chunks + blocks.length, last.hash)
    for (const { parts, stream, index } of blocks) {
      // a copy: its memory is used again
      if (this.#takers.size > 0) {
        const block = Buffer.concat(parts)
        for (const take of this.#takers) take(block, { stream, index })
      }
      releaseSealed(parts)
    }
  }

  /** Hands each sealed chunk out, once it is in the file; until the returned function is called. */
  onBlock(take: TakeBlock): () => void {
    this.#takers.add(take)
    return () => void this.#takers.delete(take)
  }

  /** The stretch of the file with this segment's newest chunks, of about so many bytes. */
  newest(bytes: number): { from: number; to: number } {
    const to = this.#file.length
    return { from: this.#marks.find((mark) => mark >= to - bytes) ?? to, to }
  }

  #reached(chunks: number, hash: Uint8Array): Head & { bytes: number } {
    return { chunks, head: Buffer.from(hash).toString('hex'), bytes: this.#file.length }
  }

  async sync(): Promise<void> {
    await this.#file.sync()
  }

  async close(): Promise<void> {
    wipeSegmentKeys(this.#keys)
    await this.#file.close()
  }
}
