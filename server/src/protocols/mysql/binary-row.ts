import { valueAt } from './execute-values.ts'
import type { MysqlColumn } from './result-messages.ts'

/** The values of a row in the binary protocol (MySQL docs, "Binary Protocol Resultset Row"): numbers and times as text. Undefined where it is not understood. */
export function binaryValuesIn(body: Buffer, columns: readonly MysqlColumn[]): (string | Buffer | null)[] | undefined {
  const nulls = 1
  let at = nulls + ((columns.length + 9) >> 3)
  if (body[0] !== 0 || at > body.length) return undefined
  const values: (string | Buffer | null)[] = []
  for (const [place, { type, unsigned }] of columns.entries()) {
    const bit = place + 2
    if (((body[nulls + (bit >> 3)] as number) >> (bit & 7)) & 1) {
      values.push(null)
      continue
    }
    const read = valueAt(body, at, type, unsigned)
    if (!read) return undefined
    values.push('text' in read.value ? read.value.text : read.value.bytes)
    at = read.next
  }
  return at === body.length ? values : undefined
}
