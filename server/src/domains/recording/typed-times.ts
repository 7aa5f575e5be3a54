import type { RecordedFrame } from './open-frames.ts'
import type { FrameWatcher } from './recording-reader.ts'

interface Span {
  from: number
  to: number
  at: number
}

/**
 * Tells when unproven input was typed. Its frame says when that was decided, which may be much later: at the end of a session, where nothing asked for it.
 * What was not decided yet is copied at every flush (docs/formats.md, Frames): so the first copy that has it is at most a flush late.
 *
 * Positions count typed bytes of a segment. Viewers' frames say which of them are unproven, and the officers' have these in the same order.
 */
export class TypedTimes implements FrameWatcher {
  #settled = 0
  #hidden: Span[] = []
  #copies: Span[] = []
  /** Of unproven bytes of the segment: how many came until then, and when they were decided. */
  #decided: Span[] = []
  #unproven = 0
  /** For all segments: counted over all unproven bytes. */
  #typed: Span[] = []
  #before = 0

  frame(frame: RecordedFrame): void {
    if (frame.kind === 'input') this.#settled += frame.bytes.length
    if (frame.kind === 'hidden') {
      this.#hidden.push({ from: this.#settled, to: this.#settled + frame.count, at: frame.at })
      this.#settled += frame.count
    }
    if (frame.kind === 'undecided') this.#copies.push({ from: frame.position, to: frame.position + frame.bytes.length, at: frame.at })
    if (frame.kind === 'unproven') {
      this.#decided.push({ from: this.#unproven, to: this.#unproven + frame.bytes.length, at: frame.at })
      this.#unproven += frame.bytes.length
    }
  }

  segment(): void {
    let [hidden, into, copy] = [0, 0, 0]
    for (const { from, to, at } of this.#decided) {
      for (let n = from; n < to; ) {
        const span = this.#hidden[hidden]
        const place = (span?.from ?? Number.POSITIVE_INFINITY) + into
        while (copy < this.#copies.length && (this.#copies[copy] as Span).to <= place) copy++
        const copied = this.#copies[copy]
        const isCopied = copied !== undefined && copied.from <= place
        // as far as the same is true of it
        const ends = [to - n, span ? span.to - place : Number.POSITIVE_INFINITY]
        if (copied) ends.push((isCopied ? copied.to : copied.from) - place)
        const length = Math.max(1, Math.min(...ends))
        this.#typed.push({ from: this.#before + n, to: this.#before + n + length, at: isCopied ? Math.min(copied.at, at) : at })
        n += length
        into += length
        if (span && into >= span.to - span.from) [hidden, into] = [hidden + 1, 0]
      }
    }
    this.#before += this.#unproven
    ;[this.#settled, this.#unproven] = [0, 0]
    ;[this.#hidden, this.#copies, this.#decided] = [[], [], []]
  }

  /** After the reading, in order: when which of the unproven bytes of the recording were typed. */
  get typed(): readonly Span[] {
    return this.#typed
  }
}
