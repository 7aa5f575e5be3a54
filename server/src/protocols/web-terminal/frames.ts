/*
 * How the console's server and the gateway pass a terminal to each other: one byte for the kind, four for the length (big-endian), the body.
 */

/** Kinds, as the byte that stands first. */
export const frameKinds = {
  /** First of all, to the gateway: who comes, to where, with which ticket; JSON. */
  hello: 0x68,
  /** Bytes that were typed. */
  input: 0x69,
  /** The window has another size; JSON. */
  resize: 0x72,
  /** Bytes for the screen. */
  output: 0x6f,
  /** The session is over; JSON. */
  over: 0x78,
} as const
export type FrameKind = keyof typeof frameKinds

export interface Frame {
  kind: FrameKind
  body: Buffer
}

/** Of one body. What is longer is sent in pieces. */
export const longestBody = 64 * 1024
const headBytes = 5
const byByte = new Map<number, FrameKind>(Object.entries(frameKinds).map(([kind, byte]) => [byte, kind as FrameKind]))

/** One frame. Throws for a body that is longer than `longestBody`: whoever writes splits. */
export function encodeFrame(kind: FrameKind, body: Uint8Array | string): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (bytes.length > longestBody) throw new Error('a frame is longer than frames are')
  const frame = Buffer.allocUnsafe(headBytes + bytes.length)
  frame[0] = frameKinds[kind]
  frame.writeUInt32BE(bytes.length, 1)
  frame.set(bytes, headBytes)
  return frame
}

/** Puts frames together from what a stream gives, however it is cut. Holds one frame at most. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /** The frames that are whole now; undefined when what came is none, after which nothing more is read. */
  push(bytes: Buffer): Frame[] | undefined {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    while (all.length >= headBytes) {
      const kind = byByte.get(all[0] as number)
      const length = all.readUInt32BE(1)
      if (kind === undefined || length > longestBody) return undefined
      if (all.length < headBytes + length) break
      frames.push({ kind, body: Buffer.from(all.subarray(headBytes, headBytes + length)) })
      all = all.subarray(headBytes + length)
    }
    this.#rest = Buffer.from(all)
    return frames
  }
}
