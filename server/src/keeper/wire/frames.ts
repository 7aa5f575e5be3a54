import { fail, ok, type Result } from '../../kernel/result.ts'

/*
 * A frame on the keeper's socket: u32be total | u32be length of the JSON | JSON | payload (docs/formats.md).
 * `total` counts everything after itself.
 */

export interface Frame {
  json: unknown
  payload: Buffer
}

/** Large enough for a thousand ledger entries, small enough that nobody can make us hold much. */
const longestFrame = 96 * 1024 * 1024
/** What is enough to say who one is: a stranger on the socket makes us hold no more. */
export const longestHello = 4096

export function encodeFrame(json: unknown, payload?: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(json), 'utf8')
  const size = payload?.length ?? 0
  const frame = Buffer.allocUnsafe(8 + text.length + size)
  frame.writeUInt32BE(4 + text.length + size, 0)
  frame.writeUInt32BE(text.length, 4)
  text.copy(frame, 8)
  if (payload) frame.set(payload, 8 + text.length)
  return frame
}

/** Collects bytes and gives whole frames. Bounds come before buffers: a frame that says it is too long is refused at its first four bytes. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0)
  #longest: number

  /** `first`: how many bytes the first frame may have, without its first four. */
  constructor(first = longestFrame) {
    this.#longest = first
  }

  /** A frame has begun and is not there whole. */
  get partial(): boolean {
    return this.#pending.length > 0
  }

  push(bytes: Buffer): Result<Frame[], string> {
    this.#pending = this.#pending.length === 0 ? bytes : joined(this.#pending, bytes)
    const frames: Frame[] = []
    while (this.#pending.length >= 8) {
      const total = this.#pending.readUInt32BE(0)
      if (total > this.#longest || total < 4) return fail(`a frame of ${total} bytes`)
      if (this.#pending.length < 4 + total) break
      const jsonLength = this.#pending.readUInt32BE(4)
      if (jsonLength > total - 4) return fail('a frame whose JSON is longer than itself')
      const whole = this.#pending.subarray(8, 4 + total)
      this.#pending = this.#pending.subarray(4 + total)
      let json: unknown
      try {
        json = JSON.parse(whole.subarray(0, jsonLength).toString('utf8'))
      } catch {
        return fail('a frame whose JSON does not parse')
      }
      this.#longest = longestFrame
      // a copy, so that the payload can be wiped without touching what follows it
      frames.push({ json, payload: Buffer.from(whole.subarray(jsonLength)) })
      whole.subarray(jsonLength).fill(0)
    }
    return ok(frames)
  }
}

/** Both are ours alone, and may hold a piece of a secret. */
function joined(before: Buffer, bytes: Buffer): Buffer {
  const all = Buffer.concat([before, bytes])
  before.fill(0)
  bytes.fill(0)
  return all
}
