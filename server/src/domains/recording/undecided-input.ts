import type { FrameBody } from '../../protocols/recording/index.ts'

/** Puts the copies of undecided input together, and tells what of it was never decided (docs/formats.md, Frames). */
export class UndecidedInput {
  /** How many typed bytes of the segment were decided. */
  #settled = 0
  #from = 0
  #bytes: Uint8Array = new Uint8Array()

  take(frame: FrameBody): void {
    if (frame.kind === 'input') this.#settled += frame.bytes.length
    if (frame.kind === 'hidden') this.#settled += frame.count
    if (frame.kind !== 'undecided') return
    const known = this.#bytes.subarray(Math.max(0, this.#settled - this.#from))
    const from = Math.max(this.#from, this.#settled)
    // copies follow each other; a gap would only mean that what is between was decided
    const fits = frame.position === from + known.length
    this.#from = fits ? from : frame.position
    this.#bytes = fits ? Buffer.concat([known, frame.bytes]) : frame.bytes
  }

  /** What was on its way when the segment broke off. Begins anew after that. */
  leftover(): Uint8Array {
    const rest = this.#bytes.subarray(Math.max(0, this.#settled - this.#from))
    this.#settled = 0
    this.#from = 0
    this.#bytes = new Uint8Array()
    return rest
  }
}
