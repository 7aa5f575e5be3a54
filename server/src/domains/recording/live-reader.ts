import { blockAt, bytesInMemory, decodeFrames, type SegmentFacts } from '../../protocols/recording/index.ts'
import type { RecordedFrame } from './open-frames.ts'
import { headerIsOurs, openChunk } from './seal-block.ts'
import { deriveSegmentKeys, type ReaderKeys, type SegmentKeys, wipeSegmentKeys } from './segment-keys.ts'

/** What one block says: who begins, or what happened. `foreign`: it is none of this recording, or was altered on its way. */
export type LiveBlock = { facts: SegmentFacts } | { chunk: number; frames: RecordedFrame[] } | 'foreign' | 'seen'

/**
 * Opens sealed blocks of a recording that is still being written, as they come. Each is genuine by itself and none is given twice or
 * out of order; whether one is missing is for the recording to say: this is a view, no evidence.
 */
export class LiveReader {
  readonly #recording: string
  readonly #keys: ReaderKeys
  #segment: { facts: SegmentFacts; number: number; compression: 'none' | 'zstd'; keys: SegmentKeys } | undefined
  #last = -1

  constructor(recording: string, keys: ReaderKeys) {
    this.#recording = recording
    this.#keys = keys
  }

  async read(bytes: Uint8Array): Promise<LiveBlock> {
    const here = await blockAt(bytesInMemory(bytes), 0)
    if (typeof here !== 'object' || here.block.to !== bytes.length) return 'foreign'
    if (here.block.what === 'header') {
      const { facts, segment: number, salt, compression } = here.block.header
      if (facts.recording !== this.#recording) return 'foreign'
      const keys = await deriveSegmentKeys(this.#keys, { recording: this.#recording, segment: number, salt })
      if (!headerIsOurs(here.bytes, keys)) return 'foreign'
      this.wipe()
      this.#segment = { facts, number, compression, keys }
      return { facts }
    }
    const { chunk } = here.block
    if (!this.#segment || chunk.segment !== this.#segment.number || chunk.stream !== 'viewers') return 'foreign'
    if (chunk.index <= this.#last) return 'seen'
    const { facts, compression, keys } = this.#segment
    const plain = await openChunk(here.bytes, { chunk, recording: this.#recording, compression, key: keys.viewers })
    if (typeof plain === 'string') return 'foreign'
    const decoded = decodeFrames(plain, chunk.stream)
    if ('bad' in decoded) return 'foreign'
    this.#last = chunk.index
    let at = Date.parse(facts.started) * 1000 + chunk.at
    return {
      chunk: chunk.index,
      frames: decoded.frames.map((frame) => {
        at += frame.dt
        return { ...frame, at: 'ago' in frame ? at - frame.ago : at }
      }),
    }
  }

  /** What is before this chunk counts as seen. */
  skipTo(chunk: number): void {
    this.#last = Math.max(this.#last, chunk - 1)
  }

  wipe(): void {
    if (this.#segment) wipeSegmentKeys(this.#segment.keys)
    this.#segment = undefined
  }
}
