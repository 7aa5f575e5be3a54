import { isBinaryAt, type PostgresColumn, readRow, showParameter, type TextReader, typeName } from '../../../protocols/postgres/index.ts'
import type { ResultPart } from '../../contract.ts'
import type { KeptResults } from '../../door/sql/kept-results.ts'
import type { ClientText } from './client-text.ts'
import { type Expected, isStatement, type Statement } from './expected.ts'
import { RowShape } from './row-shape.ts'

/**
 * Keeps rows that the target gives back, and what it said of their columns before the first one. Drivers ask for that once and run a statement often: so
 * it is remembered with what it describes. Rows of which nothing was said are not kept: nobody could tell what they are.
 */
export class KeptRows {
  readonly #kept: KeptResults
  readonly #text: Pick<ClientText, 'reader'>
  /** Of the text that the target is at. */
  #shape: RowShape | undefined
  /** What is described next. */
  #describes: Expected | undefined
  /** The columns that stand before the rows already, and of which statement. */
  #told: { n: number; shape: RowShape | undefined } = { n: 0, shape: undefined }

  constructor(kept: KeptResults, text: Pick<ClientText, 'reader'>) {
    this.#kept = kept
    this.#text = text
  }

  /** The target says what the rows of `item` consist of. */
  describes(item: Expected | undefined): void {
    this.#describes = item
    if (item?.kind === 'query') this.#shape = undefined
  }

  columns(body: Buffer): void {
    const of = this.#describes
    if (of?.kind === 'query') this.#shape = new RowShape(body)
    if (of?.kind === 'describe') of.shaped?.(new RowShape(body))
  }

  wantsRow(item: Expected | undefined, length: number): boolean {
    if (!item || !isStatement(item)) return false
    const shape = this.#shapeOf(item)
    const { n } = item.running
    // behind what is not kept nothing of the statement is
    if (!shape) return this.#kept.wants(n, Number.POSITIVE_INFINITY, 0)
    return this.#kept.wants(n, length, this.#isTold(n, shape) ? 0 : shape.body.length)
  }

  row(item: Expected | undefined, body: Buffer): void {
    const shape = item && isStatement(item) ? this.#shapeOf(item) : undefined
    if (!item || !isStatement(item) || !shape) return
    const { n } = item.running
    const { reader: read } = this.#text
    if (!this.#isTold(n, shape)) {
      this.#told = { n, shape }
      this.#kept.keep(n, shape.body, () => columnsIn(shape.columns, read))
    }
    const { gives } = item
    const forms = gives && !gives.described ? gives.forms : undefined
    this.#kept.keep(n, body, (copy) => rowIn(copy, shape.columns, { forms, read }))
  }

  #shapeOf({ kind, gives }: Statement): RowShape | undefined {
    return kind === 'query' ? this.#shape : (gives?.described ?? gives?.of?.described)
  }

  #isTold(n: number, shape: RowShape): boolean {
    return this.#told.n === n && this.#told.shape === shape
  }
}

const columnsIn = (columns: readonly PostgresColumn[], read: TextReader): ResultPart => ({
  columns: columns.map(({ name, type }) => ({ name: read(name).text, type: typeName(type) })),
})

function rowIn(
  body: Buffer,
  columns: readonly PostgresColumn[],
  { forms, read }: { forms: readonly number[] | undefined; read: TextReader },
): ResultPart | undefined {
  const values = readRow(body)
  if (values?.length !== columns.length) return undefined
  return {
    row: columns.map(({ type, binary }, i) => {
      const value = values[i]
      return value ? showParameter(value, forms ? isBinaryAt(forms, i) : binary, type, read).text : null
    }),
  }
}
