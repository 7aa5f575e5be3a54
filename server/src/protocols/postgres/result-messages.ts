/** One column of a result as RowDescription says it (PostgreSQL docs, "Message Formats"). */
export interface PostgresColumn {
  name: Buffer
  /** Object id of its type. */
  type: number
  binary: boolean
}

/** Undefined where it is not understood to its last byte. */
export function readColumns(body: Buffer): PostgresColumn[] | undefined {
  if (body.length < 2) return undefined
  const count = body.readUInt16BE(0)
  const columns: PostgresColumn[] = []
  let at = 2
  for (let i = 0; i < count; i++) {
    const end = body.indexOf(0, at)
    // its table, its number there, type, length, modifier, form
    if (end < 0 || end + 19 > body.length) return undefined
    columns.push({ name: body.subarray(at, end), type: body.readUInt32BE(end + 7), binary: body.readUInt16BE(end + 17) === 1 })
    at = end + 19
  }
  return at === body.length ? columns : undefined
}

/** The values of a DataRow as they lie there; null is SQL's null. Undefined where it is not understood to its last byte. */
export function readRow(body: Buffer): (Buffer | null)[] | undefined {
  if (body.length < 2) return undefined
  const count = body.readUInt16BE(0)
  const values: (Buffer | null)[] = []
  let at = 2
  for (let i = 0; i < count; i++) {
    if (at + 4 > body.length) return undefined
    const length = body.readInt32BE(at)
    at += 4
    if (length < -1 || at + length > body.length) return undefined
    values.push(length < 0 ? null : body.subarray(at, at + length))
    at += Math.max(0, length)
  }
  return at === body.length ? values : undefined
}
