import { encodeBody, type FrameBody, frameNumbers, longestFrame } from './frames.ts'
import { varintSize, writeVarint } from './varint.ts'

const firstSize = 4 * 1024
/** From here on it grows to where a chunk is full, with room for the frame that fills it: doubling would copy a busy session's bytes twice. */
const busySize = 64 * 1024
const fullSize = 256 * 1024 + longestFrame + 16
/** Memory of full buffers that were sealed. What a busy session needs anew for each chunk is mostly the collecting of garbage. */
const spare: Buffer[] = []
const mostSpare = 16

/** Says that nobody reads what `take` gave any more: its memory serves the next busy session. At most once for each. */
export function reuse(plain: Buffer): void {
  if (plain.buffer.byteLength !== fullSize || spare.length >= mostSpare) return
  spare.push(Buffer.from(plain.buffer))
}

/**
 * Frames on their way into a chunk, already in their final bytes. Begins with 4 KiB, since most sessions are idle most of the
 * time, and grows as needed. Times are microseconds from the segment's start and never go back.
 */
export class FrameBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(0)
  #length = 0
  #at = 0
  #last = 0
  #busy = false

  get length(): number {
    return this.#length
  }

  /** From what moment the first frame counts. */
  get at(): number {
    return this.#at
  }

  /** Copies the bytes, of which there are at most `longestFrame`. */
  append(now: number, body: FrameBody): void {
    const bytes = encodeBody(body)
    if (bytes.length > longestFrame) throw new RangeError(`a ${body.kind} frame of ${bytes.length} bytes`)
    this.#frame(now, frameNumbers[body.kind], bytes)
  }

  /** Hands out what was gathered and starts anew. The bytes belong to the caller, who may give them to `reuse`. */
  take(): { at: number; plain: Buffer } {
    const taken = { at: this.#at, plain: this.#bytes.subarray(0, this.#length) }
    this.#busy = this.#length > busySize
    this.#bytes = Buffer.allocUnsafe(0)
    this.#length = 0
    return taken
  }

  #frame(now: number, kind: number, bytes: Uint8Array): void {
    if (this.#length === 0) {
      this.#at = Math.max(now, this.#last)
      this.#last = this.#at
    }
    const dt = Math.max(0, now - this.#last)
    this.#last += dt
    this.#reserve(1 + varintSize(dt) + varintSize(bytes.length) + bytes.length)
    this.#bytes[this.#length++] = kind
    this.#length = writeVarint(this.#bytes, this.#length, dt)
    this.#length = writeVarint(this.#bytes, this.#length, bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    let size = this.#busy ? fullSize : Math.max(firstSize, this.#bytes.length)
    while (size < needed) size = size === busySize ? fullSize : size * 2
    const grown = (size === fullSize && spare.pop()) || Buffer.allocUnsafeSlow(size)
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
