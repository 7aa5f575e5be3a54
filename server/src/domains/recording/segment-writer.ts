import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { blockHash, type Compression, type Head, type SegmentFacts, type Stream } from '../../protocols/recording/index.ts'
import type { ChunkFile } from './chunk-file.ts'
import { pack, sealChunk, sealHeader } from './seal-block.ts'
import { deriveSegmentKeys, type RecordingKeys, type SegmentKeys, wipeSegmentKeys } from './segment-keys.ts'

/** Frames that are to become a chunk. `at` in microseconds from the segment's start. */
export interface OpenChunk {
  stream: Stream
  at: number
  plain: Uint8Array
  final: boolean
}

/** Where a segment takes up the chain: at the very beginning, or after what an earlier one left. */
export interface ChainPoint {
  segment: number
  chunks: number
  previous: Uint8Array
}

export const chainStart: ChainPoint = { segment: 1, chunks: 0, previous: new Uint8Array(32) }

/** Seals chunks and appends them to the chain, one after the other. Not for two callers at a time. */
export class SegmentWriter {
  readonly #file: ChunkFile
  readonly #recording: string
  readonly #keys: SegmentKeys
  readonly #compression: Compression
  readonly #segment: number
  #head: Head & { bytes: number }
  #previous: Uint8Array

  private constructor(file: ChunkFile, recording: string, keys: SegmentKeys, compression: Compression, at: ChainPoint) {
    this.#file = file
    this.#recording = recording
    this.#keys = keys
    this.#compression = compression
    this.#segment = at.segment
    this.#previous = at.previous
    this.#head = this.#reached(at.chunks)
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
    return new SegmentWriter(file, facts.recording, segmentKeys, compression, { ...at, previous: blockHash(block) })
  }

  /** How far it has been written; not necessarily safe from a power cut yet. The same object until more is written. */
  get head(): Head & { bytes: number } {
    return this.#head
  }

  async write({ stream, at, plain, final }: OpenChunk): Promise<void> {
    const packed = await pack(plain, this.#compression)
    const header = {
      final,
      stream,
      segment: this.#segment,
      index: this.#head.chunks,
      at,
      plainLength: plain.length,
      previous: this.#previous,
    }
    const block = sealChunk(header, this.#recording, this.#keys, packed)
    await this.#file.append(block)
    this.#previous = blockHash(block)
    this.#head = this.#reached(this.#head.chunks + 1)
  }

  #reached(chunks: number): Head & { bytes: number } {
    return { chunks, head: Buffer.from(this.#previous).toString('hex'), bytes: this.#file.length }
  }

  async sync(): Promise<void> {
    await this.#file.sync()
  }

  async close(): Promise<void> {
    wipeSegmentKeys(this.#keys)
    await this.#file.close()
  }
}
