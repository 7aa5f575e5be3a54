import { binaryValuesIn, columnIn, type MysqlColumn, type RowSink, typeNameOf, valuesIn } from '../../../protocols/mysql/index.ts'
import type { ResultPart } from '../../contract.ts'
import type { KeptResults } from '../../door/sql/kept-results.ts'
import type { SessionText } from './session-text.ts'

const longestDescription = 16_384

/** Keeps rows that the target gives back, and what it said of their columns before the first one. Rows of a cursor stand alone, and are not kept. */
export class KeptRows implements RowSink {
  readonly #kept: KeptResults
  readonly #text: Pick<SessionText, 'read'>
  #n = 0
  #binary = false
  #described: Buffer[] = []
  #columns = readOnce(this.#described)
  #told = false
  #size = 0

  constructor(kept: KeptResults, text: Pick<SessionText, 'read'>) {
    this.#kept = kept
    this.#text = text
  }

  /** A statement goes to the target. */
  begins(n: number, binary: boolean): void {
    this.#n = n
    this.#binary = binary
    this.resultBegins()
  }

  resultBegins(): void {
    this.#described = []
    this.#columns = readOnce(this.#described)
    this.#told = false
    this.#size = 0
  }

  wantsColumn(length: number): boolean {
    this.#size += length
    return this.#n > 0 && this.#size <= longestDescription
  }

  column(body: Buffer): void {
    this.#described.push(Buffer.from(body))
  }

  wantsRow(length: number): boolean {
    if (this.#n === 0) return false
    // behind what is not kept nothing of the statement is
    if (this.#described.length === 0 || this.#size > longestDescription) return this.#kept.wants(this.#n, Number.POSITIVE_INFINITY, 0)
    return this.#kept.wants(this.#n, length, this.#told ? 0 : this.#size)
  }

  row(body: Buffer): void {
    const columns = this.#columns
    if (!this.#told) this.#kept.keep(this.#n, Buffer.concat(this.#described), () => ({ columns: columns().map(named) }))
    this.#told = true
    const how = { binary: this.#binary, read: (bytes: Buffer) => this.#text.read(bytes) }
    this.#kept.keep(this.#n, body, (copy) => rowIn(copy, columns(), how))
  }
}

/** What was described, read when the first row is. */
function readOnce(described: readonly Buffer[]): () => readonly MysqlColumn[] {
  let columns: readonly MysqlColumn[] | undefined
  return () => {
    columns ??= described.flatMap((one) => columnIn(one) ?? [])
    return columns
  }
}

const named = ({ name, type }: MysqlColumn) => ({ name, type: typeNameOf(type) })

function rowIn(
  body: Buffer,
  columns: readonly MysqlColumn[],
  { binary, read }: { binary: boolean; read: (bytes: Buffer) => { text: string } },
): ResultPart | undefined {
  const values = binary ? binaryValuesIn(body, columns) : valuesIn(body, columns.length)
  if (values?.length !== columns.length) return undefined
  return {
    row: values.map((value, i) => {
      if (value === null || typeof value === 'string') return value
      return columns[i]?.binary ? `0x${value.toString('hex')}` : read(value).text
    }),
  }
}
