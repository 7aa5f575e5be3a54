import type { Secret } from './secret.ts'

/** Shows at most this much of what may become the credential, so that a typed letter which happens to begin it appears at once. */
const shownEarly = 3
const star = 0x2a
const nothing = Buffer.alloc(0)

/**
 * Replaces one credential by asterisks in a stream of bytes, also where it is cut over several pieces. The length stays,
 * so that a full-screen program's picture does not shift. One for each stream; it holds a copy of the credential until `wipe`.
 *
 * What the end of a piece has in common with the beginning of the credential is held back until the next piece decides.
 * `early` lets out the first three bytes of that when nothing follows; the rest waits, and is masked if it never came to more.
 */
export interface ScrubStream {
  push(piece: Buffer): Buffer
  /** Call when nothing came for a moment. */
  early(): Buffer
  /** Masks what stands whole in this piece, and holds nothing back: for a wire whose pieces are packets, and must not wait for the next. */
  whole(piece: Buffer): Buffer
  /** Whether this piece could hold the credential, or end with more of its beginning than is let out early. Says yes too often, and is cheap. */
  touches(piece: Buffer): boolean
  /** True while something is held back that `early` would let out. */
  readonly waits: boolean
  /** Call when the stream has ended. */
  end(): Buffer
  wipe(): void
}

/** Streams that share nothing but the credential; undefined as credential gives streams that pass everything. */
export async function scrubStreams(credential: Secret | undefined, count: number): Promise<readonly ScrubStream[]> {
  if (!credential) return Array.from({ length: count }, () => passing)
  return await credential.lend('scrub-from-output', (bytes) => Array.from({ length: count }, () => scrubStream(bytes)))
}

/** Masks nothing: there is no credential. */
export const passing: ScrubStream = {
  push: (piece) => piece,
  whole: (piece) => piece,
  touches: () => false,
  early: () => nothing,
  waits: false,
  end: () => nothing,
  wipe: () => {},
}

export const scrubStream = (credential: Uint8Array): ScrubStream =>
  credential.length === 0 ? passing : new MaskedStream(Buffer.from(credential))

/** A class: with a getter of its own each stream would be of another kind to V8, and is asked for each piece. */
class MaskedStream implements ScrubStream {
  readonly #secret: Buffer
  readonly #beginning: Buffer
  #held: Buffer = nothing
  /** How many bytes of what is held were let out already. */
  #shown = 0

  constructor(secret: Buffer) {
    this.#secret = secret
    this.#beginning = secret.subarray(0, shownEarly + 1)
  }

  push(piece: Buffer): Buffer {
    const secret = this.#secret
    // nothing to mask in it, and its end begins nothing
    if (this.#held.length === 0 && piece.indexOf(secret) < 0 && sharedEnd(piece, secret) === 0) return piece
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, piece]) : piece
    const masked = mask(bytes, secret)
    const keep = sharedEnd(masked, secret)
    const out = masked.subarray(this.#shown, Math.max(this.#shown, masked.length - keep))
    this.#shown = Math.max(0, this.#shown - (masked.length - keep))
    this.#held = keep > 0 ? Buffer.from(masked.subarray(masked.length - keep)) : nothing
    return out
  }

  early(): Buffer {
    const out = this.#held.subarray(this.#shown, shownEarly)
    this.#shown += out.length
    return out
  }

  whole(piece: Buffer): Buffer {
    return mask(piece, this.#secret)
  }

  touches(piece: Buffer): boolean {
    return piece.indexOf(this.#beginning) >= 0
  }

  get waits(): boolean {
    return this.#shown < Math.min(this.#held.length, shownEarly)
  }

  end(): Buffer {
    const out = Buffer.from(this.#held.subarray(this.#shown))
    if (this.#held.length > shownEarly) out.fill(star)
    this.#held = nothing
    this.#shown = 0
    return out
  }

  wipe(): void {
    this.#secret.fill(0)
    this.#held = nothing
  }
}

/** The same bytes with every whole credential masked. Copies only when there is one: the piece may belong to someone else. */
function mask(bytes: Buffer, secret: Buffer): Buffer {
  let at = bytes.indexOf(secret)
  if (at < 0) return bytes
  const copy = Buffer.from(bytes)
  while (at >= 0) {
    copy.fill(star, at, at + secret.length)
    at = bytes.indexOf(secret, at + 1)
  }
  return copy
}

/** The length of the longest end of `bytes` that the credential begins with. */
function sharedEnd(bytes: Buffer, secret: Buffer): number {
  const first = secret[0] as number
  let at = bytes.indexOf(first, Math.max(0, bytes.length - secret.length + 1))
  while (at >= 0) {
    if (bytes.compare(secret, 0, bytes.length - at, at) === 0) return bytes.length - at
    at = bytes.indexOf(first, at + 1)
  }
  return 0
}
