import { longestPacket } from './commands.ts'

/** What came of a file with one chunk. */
export interface Contents {
  /** As they lie in the chunk. */
  pieces: Buffer[]
  /** What the client said behind the file's end; undefined while there is none. */
  behind: Buffer | undefined
}

/**
 * Reads the file that a client sends to a server which asked for it: packets of contents, and an empty one at the end. Keeps nothing of it. A packet of the
 * greatest length goes on with the next one, which is no end then, be it empty.
 */
export class ContentsReader {
  readonly #head = Buffer.alloc(4)
  #headBytes = 0
  #left = 0
  #continues = false
  #next: number

  /** `sequence`: the number of the first packet. */
  constructor(sequence: number) {
    this.#next = sequence & 255
  }

  /** The number that the client expects of the answer, once the end was there. */
  get nextSequence(): number {
    return this.#next
  }

  /** Undefined when it is no such file. */
  read(chunk: Buffer): Contents | undefined {
    const pieces: Buffer[] = []
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const take = Math.min(this.#left, chunk.length - at)
        pieces.push(chunk.subarray(at, at + take))
        this.#left -= take
        at += take
        continue
      }
      const take = Math.min(4 - this.#headBytes, chunk.length - at)
      chunk.copy(this.#head, this.#headBytes, at, at + take)
      this.#headBytes += take
      at += take
      if (this.#headBytes < 4) break
      this.#headBytes = 0
      if (this.#head[3] !== this.#next) return undefined
      this.#next = (this.#next + 1) & 255
      this.#left = this.#head.readUIntLE(0, 3)
      const ended = this.#left === 0 && !this.#continues
      this.#continues = this.#left === longestPacket
      if (ended) return { pieces, behind: chunk.subarray(at) }
    }
    return { pieces, behind: undefined }
  }
}
