import { blockAt } from '../../protocols/recording/index.ts'
import { openFile } from './file-source.ts'
import type { SegmentWriter } from './segment-writer.ts'

/** Milliseconds that a frame waits while somebody watches: what they see is less than half a second behind life. */
const watchedEvery = 100

/** The sealed chunks of a recording that is being written, for those who watch. What only two officers open is not among them. */
export class LiveTap {
  readonly #path: string
  readonly #segment: SegmentWriter
  readonly #hurry: (every?: number) => void
  #followers = 0

  constructor(path: string, segment: SegmentWriter, hurry: (every?: number) => void) {
    this.#path = path
    this.#segment = segment
    this.#hurry = hurry
  }

  follow(take: (block: Uint8Array) => void): { past(bytes: number): Promise<Uint8Array[]>; stop(): void } {
    const segment = this.#segment
    const leave = segment.onBlock((block, { stream }) => {
      if (stream === 'viewers') take(block)
    })
    this.#followers += 1
    this.#hurry(watchedEvery)
    let following = true
    return {
      past: (bytes) => this.#past(bytes),
      stop: () => {
        if (!following) return
        following = false
        leave()
        this.#followers -= 1
        if (this.#followers === 0) this.#hurry()
      },
    }
  }

  /** The segment's header, and of its newest chunks about so many bytes. */
  async #past(bytes: number): Promise<Uint8Array[]> {
    const { from, to } = this.#segment.newest(bytes)
    const blocks = [this.#segment.header]
    const source = await openFile(this.#path)
    if (!source.ok) return blocks
    try {
      for (let at = from; at < to; ) {
        const here = await blockAt(source.value, at)
        if (typeof here !== 'object') break
        if (here.block.what === 'chunk' && here.block.chunk.stream === 'viewers') blocks.push(here.bytes)
        at = here.block.to
      }
    } finally {
      await source.value.close()
    }
    return blocks
  }
}
