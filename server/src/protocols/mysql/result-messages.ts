import { integerAt } from './packet.ts'

/*
 * What a server answers to COM_QUERY, read whole (MySQL docs, "Text Resultset"). For a client of ours; a door only follows it
 * (`response-reader.ts`). Whatever comes, nothing here throws.
 */

export interface MysqlColumn {
  name: string
  /** Number of the type, and whether its values are bytes and no text. */
  type: number
  binary: boolean
  unsigned: boolean
}

const typeNames: Readonly<Record<number, string>> = {
  ...{
    0: 'decimal',
    1: 'tinyint',
    2: 'smallint',
    3: 'int',
    4: 'float',
    5: 'double',
    6: 'null',
    7: 'timestamp',
    8: 'bigint',
    9: 'mediumint',
  },
  ...{ 10: 'date', 11: 'time', 12: 'datetime', 13: 'year', 15: 'varchar', 16: 'bit', 245: 'json', 246: 'decimal', 247: 'enum', 248: 'set' },
  ...{ 249: 'tinyblob', 250: 'mediumblob', 251: 'longblob', 252: 'blob', 253: 'varchar', 254: 'char', 255: 'geometry' },
}
/** What MySQL calls a type; of others its number. */
export const typeNameOf = (type: number): string => typeNames[type] ?? `type ${type}`

export interface ResultEnd {
  inTransaction: boolean
  /** Another result of the same text follows. */
  more: boolean
  warnings: number
}

const status = { inTransaction: 0x1, more: 0x8 } as const
const unsigned = 0x20
/** The collation of what is no text. */
const binary = 63
/** Of types whose values are text or bytes: numbers and dates are text in a result, whatever their collation says. */
const bytesOrText = new Set([15, 16, 249, 250, 251, 252, 253, 254, 255])
const mostColumns = 4096

const endOf = (flags: number, warnings: number): ResultEnd => ({
  inTransaction: (flags & status.inTransaction) !== 0,
  more: (flags & status.more) !== 0,
  warnings,
})

/** How many columns follow; undefined when it is no number of them. */
export function countIn(body: Buffer): number | undefined {
  const count = integerAt(body, 0)
  return count && count.next === body.length && count.value > 0 && count.value <= mostColumns ? count.value : undefined
}

/** Protocol::ColumnDefinition41. */
export function columnIn(body: Buffer): MysqlColumn | undefined {
  let at = 0
  let name = ''
  // catalogue, schema, table, its own name, the column's name, its own name
  for (let place = 0; place < 6; place++) {
    const length = integerAt(body, at)
    if (!length || length.next + length.value > body.length) return undefined
    if (place === 4) name = body.toString('utf8', length.next, length.next + length.value)
    at = length.next + length.value
  }
  if (at + 13 > body.length) return undefined
  const type = body[at + 7] as number
  return {
    ...{ name, type, unsigned: (body.readUInt16LE(at + 8) & unsigned) !== 0 },
    binary: bytesOrText.has(type) && body.readUInt16LE(at + 1) === binary,
  }
}

/** The values of a row, as they lie there: null is SQL's null. Fewer than columns where the row is cut. */
export function valuesIn(body: Buffer, columns: number): (Buffer | null)[] {
  const values: (Buffer | null)[] = []
  let at = 0
  while (values.length < columns && at < body.length) {
    if (body[at] === 0xfb) {
      values.push(null)
      at += 1
      continue
    }
    const length = integerAt(body, at)
    if (!length || length.next + length.value > body.length) break
    values.push(body.subarray(length.next, length.next + length.value))
    at = length.next + length.value
  }
  return values
}

/** EOF_Packet: 0xfe and four bytes. */
export const endIn = (body: Buffer): ResultEnd | undefined =>
  body[0] === 0xfe && body.length === 5 ? endOf(body.readUInt16LE(3), body.readUInt16LE(1)) : undefined

/** OK_Packet: how many rows were touched, and what the server says of it. */
export function okIn(body: Buffer): (ResultEnd & { affected: number; info: string }) | undefined {
  const affected = body[0] === 0 ? integerAt(body, 1) : undefined
  const id = affected && integerAt(body, affected.next)
  if (!affected || !id || id.next + 4 > body.length) return undefined
  const at = id.next + 4
  const length = at < body.length ? integerAt(body, at) : undefined
  const info = length && length.next + length.value <= body.length ? body.toString('utf8', length.next, length.next + length.value) : ''
  return { ...endOf(body.readUInt16LE(id.next), body.readUInt16LE(id.next + 2)), affected: affected.value, info }
}

/** ERR_Packet, with its text. */
export function errorIn(body: Buffer): { number: number; sqlState: string; message: string } | undefined {
  if (body[0] !== 0xff || body.length < 3) return undefined
  const marked = body[3] === 0x23 && body.length >= 9
  return {
    number: body.readUInt16LE(1),
    sqlState: marked ? body.toString('latin1', 4, 9).replace(/[^0-9A-Z]/g, '') : '',
    message: body.toString('utf8', marked ? 9 : 3),
  }
}
