const replacement = Buffer.from('[scrubbed]')
const nothing = Buffer.alloc(0)

/** At most this much of what may become the secret is let out early, so that a letter which happens to begin it appears. */
const mostEarly = 3

/**
 * Takes one exact byte sequence out of a stream, wherever the stream is cut, and puts `[scrubbed]` in its place. What the end
 * of a piece has in common with the beginning of the secret, and nothing else, is held back until the next piece decides.
 * One for each stream; it keeps a copy of the secret until `wipe`.
 */
export class Scrubber {
  readonly #secret: Buffer
  #held: Buffer = nothing
  /** How many bytes of `#held` were let out already. */
  #shown = 0

  constructor(secret: Uint8Array) {
    if (secret.length === 0) throw new RangeError('nothing to scrub')
    this.#secret = Buffer.from(secret)
  }

  /** The bytes that may pass now. They may be `piece` itself. */
  push(piece: Uint8Array): Uint8Array {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const out: Uint8Array[] = []
    let done = 0
    for (let at = bytes.indexOf(this.#secret); at >= 0; at = bytes.indexOf(this.#secret, done)) {
      out.push(bytes.subarray(Math.max(done, this.#shown), Math.max(at, this.#shown)), replacement)
      done = at + this.#secret.length
    }
    const end = bytes.length - this.#sharedEnd(bytes.subarray(done))
    out.push(bytes.subarray(Math.max(done, this.#shown), Math.max(end, this.#shown)))
    this.#shown = Math.max(0, this.#shown - end)
    this.#held = end < bytes.length ? Buffer.from(bytes.subarray(end)) : nothing
    return out.length === 1 ? (out[0] as Uint8Array) : Buffer.concat(out)
  }

  /** For when nothing came for a moment: lets out the first few bytes of what is held. If the secret follows, the rest of it is still taken out. */
  early(): Uint8Array {
    const out = Buffer.from(this.#held.subarray(this.#shown, mostEarly))
    this.#shown += out.length
    return out
  }

  /** For when the stream has ended: what is held never became the secret, but a long beginning of it is as bad. */
  end(): Uint8Array {
    const rest = this.#held.length > mostEarly ? replacement : Buffer.from(this.#held.subarray(this.#shown))
    this.#held = nothing
    this.#shown = 0
    return rest
  }

  wipe(): void {
    this.#secret.fill(0)
    this.#held.fill(0)
    this.#held = nothing
  }

  /** The length of the longest end of `bytes` that the secret begins with, and is not all of it. */
  #sharedEnd(bytes: Buffer): number {
    const first = this.#secret[0] as number
    for (let at = bytes.indexOf(first, Math.max(0, bytes.length - this.#secret.length + 1)); at >= 0; at = bytes.indexOf(first, at + 1)) {
      if (bytes.compare(this.#secret, 0, bytes.length - at, at) === 0) return bytes.length - at
    }
    return 0
  }
}
