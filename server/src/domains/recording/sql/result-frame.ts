import type { ResultPart } from '../../../gateways/contract.ts'
import { encodeBody, longestFrame, type ResultBody } from '../../../protocols/recording/index.ts'
import { isSecretValue, isSensitive, masked } from './sensitive.ts'
import type { Scrub } from './statement-frames.ts'

/** Makes frames of what statements gave back, masked as values of statements are, and as a whole where a column is named like a secret. */
export class ResultFrames {
  readonly #scrub: Scrub['scrub']
  /** Of the result that passes: whether a column may be shown. */
  #shown: { n: number; columns: readonly boolean[] } = { n: 0, columns: [] }
  /** The statement of which a piece is missing: what is kept are the first ones, so nothing follows it. */
  #over = 0

  constructor({ scrub }: Pick<Scrub, 'scrub'>) {
    this.#scrub = scrub
  }

  /** Undefined for what is not understood or fits into no frame, for a row before which no columns stand, and for what follows any of them. */
  of(n: number, part: ResultPart | undefined): ResultBody | undefined {
    if (n === this.#over) return undefined
    const frame = part && ('columns' in part ? this.#columns(n, part.columns) : this.#row(n, part.row))
    if (frame && encodeBody(frame).length <= longestFrame) return frame
    this.#over = n
    return undefined
  }

  #columns(n: number, columns: readonly { name: string; type: string }[]): ResultBody {
    this.#shown = { n, columns: columns.map(({ name }) => !isSensitive(name)) }
    return { kind: 'result', n, columns: columns.map(({ name, type }) => ({ name: this.#scrub(name), type })), row: null }
  }

  #row(n: number, row: readonly (string | null)[]): ResultBody | undefined {
    const { columns } = this.#shown
    if (this.#shown.n !== n || columns.length !== row.length) return undefined
    return {
      ...{ kind: 'result', n, columns: null },
      row: row.map((value, i) => (value === null ? null : !columns[i] || isSecretValue(value) ? masked : this.#scrub(value))),
    }
  }
}
