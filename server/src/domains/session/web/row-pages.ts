import type { web as api } from '@claviger/api'
import type { Cell } from '../../../platform/sql-console/index.ts'

/** Rows that a browser gets before it asks for more, and characters of them. */
const pageRows = 200
const pageChars = 1_000_000
/** Rows in one message, as far as their characters let. */
const batchRows = 100
const batchChars = 100_000
/** A result that nobody asks on is read past to its end: it would hold its locks on the target, and nobody would hear how the session ends. */
const heldMs = 60_000

/** Gives the rows of one text a page at a time. What is not shown is read past: the rest of a result, or of all. */
export class RowPages {
  readonly #tell: (message: api.SqlHears) => void
  readonly #heldMs: number
  #past: 'nothing' | 'result' | 'all' = 'nothing'
  #rows = 0
  #chars = 0
  #batch: Cell[][] = []
  #batched = 0
  #goOn: (() => void) | undefined

  constructor(tell: (message: api.SqlHears) => void, waitMs = heldMs) {
    this.#tell = tell
    this.#heldMs = waitMs
  }

  /** Settles when the next row may be read. */
  async row(cells: Cell[]): Promise<void> {
    if (this.#past !== 'nothing') return
    if (this.#rows >= pageRows || this.#chars > pageChars) {
      await this.#askedOn()
      if (this.#past !== 'nothing') return
      this.#rows = 0
      this.#chars = 0
    }
    const chars = cells.reduce((sum, cell) => sum + (cell === null ? 4 : typeof cell === 'string' ? cell.length : cell.cut.length), 0)
    this.#rows += 1
    this.#chars += chars
    this.#batched += chars
    this.#batch.push(cells)
    if (this.#batched > batchChars || this.#batch.length >= batchRows) this.flush()
  }

  /** Another result begins, and is shown from its beginning. */
  result(): void {
    if (this.#past !== 'result') return
    this.#past = 'nothing'
    this.#rows = 0
    this.#chars = 0
  }

  flush(): void {
    if (this.#batch.length > 0) this.#tell({ kind: 'rows', rows: this.#batch })
    this.#batch = []
    this.#batched = 0
  }

  more(): void {
    this.#goOn?.()
  }

  /** No more of this result is shown, or of all that is to come. */
  past(what: 'result' | 'all'): void {
    if (this.#past !== 'all') this.#past = what
    this.#goOn?.()
  }

  async #askedOn(): Promise<void> {
    this.flush()
    this.#tell({ kind: 'held' })
    const long = setTimeout(() => {
      this.#tell({ kind: 'skipped' })
      this.past('result')
    }, this.#heldMs)
    await new Promise<void>((resolve) => (this.#goOn = resolve))
    clearTimeout(long)
    this.#goOn = undefined
  }
}
