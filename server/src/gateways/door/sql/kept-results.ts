import type { Recorder, ResultPart } from '../../contract.ts'

/** How much of what statements give back is kept, as policy says. */
export interface ResultLimits {
  statementBytes: number
  sessionBytes: number
}

/** A longer row, as it passes, fits into no frame of a recording with certainty. */
const longestPart = 30_000
/** So many bytes more count for each piece: rows of nothing have an end too. */
const each = 16

/**
 * Says of what statements give back which pieces are kept, and copies those. They are read later, when they are written down: what passes is not held up
 * for that. Rows are kept whole, from the first one on; behind one that is not kept, none of that statement is.
 */
export class KeptResults {
  readonly #to: Recorder['resultPassed']
  readonly #most: number
  #session: number
  #n = 0
  #left = 0

  constructor({ statementBytes, sessionBytes }: ResultLimits, to: Recorder['resultPassed']) {
    this.#most = statementBytes
    this.#session = sessionBytes
    this.#to = to
  }

  /** `before`: bytes of what is kept ahead of it, where something is. */
  wants(n: number, length: number, before: number): boolean {
    if (n !== this.#n) {
      this.#n = n
      this.#left = Math.min(this.#most, this.#session)
    }
    const size = before > 0 ? length + before + 2 * each : length + each
    if (size <= this.#left && length <= longestPart) return true
    this.#left = 0
    return false
  }

  /** What `wants` said yes to. `read` gets a copy, later. */
  keep(n: number, body: Buffer, read: (copy: Buffer) => ResultPart | undefined): void {
    this.#left -= body.length + each
    this.#session -= body.length + each
    const copy = Buffer.from(body)
    this.#to(n, () => read(copy))
  }
}
