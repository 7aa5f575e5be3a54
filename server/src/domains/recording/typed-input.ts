import { InputProof, type ProofSink } from './proven-input.ts'
import { Soon } from './soon.ts'

/** What is longer is looked at at once: nobody's key, and not worth a copy. */
const shortPiece = 4096

export interface TypedInputOptions {
  sink: ProofSink
  columns: number
  rows: number
  /** Thinking about what was typed failed. */
  failed(error: unknown): void
}

/**
 * What is typed at a terminal, and whether the target shows it. A key and its echo pass on first; what is behind them is found out in the same turn
 * of the event loop, when nobody waits for it any more.
 */
export class TypedInput {
  readonly #sink: ProofSink
  readonly #proof: InputProof
  readonly #soon: Soon
  /** Position up to which copies of undecided input were given. */
  #copied = 0

  constructor({ sink, columns, rows, failed }: TypedInputOptions) {
    this.#sink = sink
    this.#proof = new InputProof(sink, { columns, rows })
    this.#soon = new Soon(failed)
  }

  input(bytes: Uint8Array, now: number): void {
    this.#think(bytes, (piece) => {
      try {
        this.#proof.input(piece, now)
      } catch (error) {
        // whatever is wrong: a key that passed is kept, as one that was typed unseen
        this.#sink.unproven(piece)
        throw error
      }
    })
  }

  output(bytes: Uint8Array): void {
    this.#think(bytes, (piece) => this.#proof.output(piece))
  }

  resize(columns: number, rows: number): void {
    this.#soon.catchUp()
    this.#proof.resize(columns, rows)
  }

  /** Finds out now what is not found out yet. Call it before anything is written down behind what was typed. */
  catchUp(): void {
    this.#soon.catchUp()
  }

  /** What was typed since the last call and is not decided, and its place among all that was typed. */
  undecided(mask: (bytes: Uint8Array) => Uint8Array): { position: number; bytes: Uint8Array } | undefined {
    this.#soon.catchUp()
    const pending = mask(this.#proof.pending)
    const settled = this.#proof.settled
    const position = Math.max(this.#copied, settled)
    this.#copied = settled + pending.length
    const bytes = pending.subarray(position - settled)
    return bytes.length > 0 ? { position, bytes } : undefined
  }

  end(): void {
    this.#soon.catchUp()
    this.#proof.end()
  }

  #think(bytes: Uint8Array, about: (piece: Uint8Array) => void): void {
    if (bytes.length > shortPiece) {
      this.#soon.catchUp()
      about(bytes)
      return
    }
    // the memory is somebody's who goes on with it
    const copy = Buffer.from(bytes)
    this.#soon.do(() => about(copy))
  }
}
