import { Fields, text } from './statement-fields.ts'
import { varint } from './varint.ts'

/** What a statement says: its text and its values. It may be too long for one frame. */
export interface StatementContent {
  sql: string
  parameters: readonly (string | null)[]
}

const mostParameters = 65_535

/** `sql text · count varint · parameters`, docs/formats.md, Statements. */
export function encodeContent({ sql, parameters }: StatementContent): Buffer {
  const values = parameters.map((p) => {
    if (p === null) return varint(0)
    const bytes = Buffer.from(p)
    return Buffer.concat([varint(bytes.length + 1), bytes])
  })
  return Buffer.concat([text(sql), varint(parameters.length), ...values])
}

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
