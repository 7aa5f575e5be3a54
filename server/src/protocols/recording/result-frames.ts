import { Pen, textSize } from './pen.ts'
import { Fields } from './statement-fields.ts'
import { varintSize } from './varint.ts'

/** A piece of what a statement gave back (docs/formats.md, Statements): the columns of a result, or one row of it. */
export type ResultBody = { kind: 'result'; n: number } & (
  | { columns: readonly ResultColumn[]; row: null }
  | { columns: null; row: readonly (string | null)[] }
)
export interface ResultColumn {
  name: string
  /** As the database calls it; empty where it is not known. */
  type: string
}

const parts = { columns: 0, row: 1 } as const
/** More than a row of any of the databases can have. */
const most = 65_535

export function encodeResult({ n, columns, row }: ResultBody): Uint8Array {
  const texts: (string | null)[] = columns ? columns.flatMap(({ name, type }) => [name, type]) : [...row]
  const lengths = texts.map((text) => (text === null ? 0 : Buffer.byteLength(text)))
  const count = columns ? columns.length : texts.length
  let size = varintSize(n) + 1 + varintSize(count)
  for (const [i, text] of texts.entries())
    size += columns ? textSize(lengths[i] as number) : text === null ? 1 : varintSize((lengths[i] as number) + 1) + (lengths[i] as number)
  const pen = new Pen(size)
  pen.number(n)
  pen.byte(columns ? parts.columns : parts.row)
  pen.number(count)
  for (const [i, text] of texts.entries()) {
    if (text === null) pen.number(0)
    else if (columns) pen.text(text, lengths[i] as number)
    else pen.value(text, lengths[i] as number)
  }
  return pen.done()
}

export function decodeResult(bytes: Uint8Array): ResultBody | undefined {
  const read = new Fields(bytes)
  const [n, part, count] = [read.number(), read.byte(), read.number()]
  if (!read.sound || count > most) return undefined
  const columns: ResultColumn[] = []
  const row: (string | null)[] = []
  for (let i = 0; i < count && read.sound; i++) {
    if (part === parts.columns) columns.push({ name: read.text(), type: read.text() })
    else {
      const length = read.number()
      row.push(length === 0 ? null : read.piece(length - 1))
    }
  }
  if (!read.whole) return undefined
  if (part === parts.columns) return { kind: 'result', n, columns, row: null }
  return part === parts.row ? { kind: 'result', n, columns: null, row } : undefined
}
