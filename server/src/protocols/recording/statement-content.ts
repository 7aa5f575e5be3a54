import { Pen, textSize } from './pen.ts'
import { Fields } from './statement-fields.ts'
import { varintSize } from './varint.ts'

/** What a statement says: its text and its values. It may be too long for one frame. */
export interface StatementContent {
  sql: string
  parameters: readonly (string | null)[]
}

const mostParameters = 65_535

/** `sql text · count varint · parameters`, docs/formats.md, Statements. */
export function encodeContent({ sql, parameters }: StatementContent): Buffer {
  const sqlLength = Buffer.byteLength(sql)
  let size = textSize(sqlLength) + varintSize(parameters.length)
  for (const value of parameters) size += value === null ? 1 : valueSize(Buffer.byteLength(value))
  const pen = new Pen(size)
  pen.text(sql, sqlLength)
  pen.number(parameters.length)
  for (const value of parameters) {
    if (value === null) pen.number(0)
    else pen.value(value, Buffer.byteLength(value))
  }
  return pen.done()
}

/** One more than its length stands before a value: 0 is SQL's null. */
const valueSize = (length: number): number => varintSize(length + 1) + length

/** `whole` is false where the bytes end before the content does, or go on behind it; then what is there is given. */
export function decodeContent(bytes: Uint8Array): StatementContent & { whole: boolean } {
  const read = new Fields(bytes)
  const sql = read.text()
  if (!read.sound) return { sql, parameters: [], whole: false }
  const count = read.number()
  const parameters: (string | null)[] = []
  for (let i = 0; i < count && read.sound; i++) {
    const length = read.number()
    if (read.sound) parameters.push(length === 0 ? null : read.piece(length - 1))
  }
  return { sql, parameters, whole: read.whole && count <= mostParameters }
}
