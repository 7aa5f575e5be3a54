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

const passing: ScrubStream = {
  push: (piece) => piece,
  whole: (piece) => piece,
  touches: () => false,
  early: () => nothing,
  waits: false,
  end: () => nothing,
  wipe: () => {},
}

export function scrubStream(credential: Uint8Array): ScrubStream {
  if (credential.length === 0) return passing
  const secret = Buffer.from(credential)
  const beginning = secret.subarray(0, shownEarly + 1)
  /** Nothing to mask in it, and its end begins nothing. */
  const clean = (piece: Buffer): boolean => piece.indexOf(secret) < 0 && sharedEnd(piece, secret) === 0
  let held: Buffer = nothing
  /** How many bytes of `held` were let out already. */
  let shown = 0

  return {
    push(piece) {
      if (held.length === 0 && clean(piece)) return piece
      const bytes = held.length > 0 ? Buffer.concat([held, piece]) : piece
      const masked = mask(bytes, secret)
      const keep = sharedEnd(masked, secret)
      const out = masked.subarray(shown, Math.max(shown, masked.length - keep))
      shown = Math.max(0, shown - (masked.length - keep))
      held = keep > 0 ? Buffer.from(masked.subarray(masked.length - keep)) : nothing
      return out
    },
    early() {
      const out = held.subarray(shown, shownEarly)
      shown += out.length
      return out
    },
    whole: (piece) => mask(piece, secret),
    touches: (piece) => piece.indexOf(beginning) >= 0,
    get waits() {
      return shown < Math.min(held.length, shownEarly)
    },
    end() {
      const out = Buffer.from(held.subarray(shown))
      if (held.length > shownEarly) out.fill(star)
      held = nothing
      shown = 0
      return out
    },
    wipe() {
      secret.fill(0)
      held = nothing
    },
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
