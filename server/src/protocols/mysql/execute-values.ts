import { integerAt } from './packet.ts'

/** One value of a prepared statement as a client sent it. */
export type Value =
  /** Numbers and times, already as text. */
  | { text: string }
  /** In whatever encoding the session has. */
  | { bytes: Buffer }

/** What COM_STMT_EXECUTE says. */
export interface Execute {
  /** Rows are to stay with the server. */
  cursor: boolean
  /** Null for SQL's null; undefined for what was sent before, piece by piece. */
  values: (Value | null | undefined)[]
  /** As they were bound now, or earlier: two bytes for each. */
  types: Buffer
}

/** What is known of the statement before. */
export interface Known {
  parameters: number
  /** As a client bound them last; undefined before it did. */
  types: Buffer | undefined
  /** Sent ahead, piece by piece. */
  isLong(place: number): boolean
}

const unsigned = 0x80
const nullType = 0x06

/** The statement of a COM_STMT_EXECUTE, _FETCH, _CLOSE, _RESET or _SEND_LONG_DATA; undefined when it is cut. */
export const statementIdOf = (body: Buffer): number | undefined => (body.length < 5 ? undefined : body.readUInt32LE(1))

/** Reads COM_STMT_EXECUTE (MySQL docs, "COM_STMT_EXECUTE"); undefined when it is not understood to its last byte. */
export function readExecute(body: Buffer, { parameters, types: before, isLong }: Known): Execute | undefined {
  if (body.length < 10) return undefined
  const cursor = body[5] !== 0
  if (parameters === 0) return body.length === 10 ? { cursor, values: [], types: Buffer.alloc(0) } : undefined
  const nulls = 10
  let at = nulls + ((parameters + 7) >> 3)
  const bound = body[at]
  at += 1
  if (bound === undefined || bound > 1) return undefined
  let types = before
  if (bound === 1) {
    if (at + 2 * parameters > body.length) return undefined
    types = Buffer.from(body.subarray(at, at + 2 * parameters))
    at += 2 * parameters
  }
  if (types?.length !== 2 * parameters) return undefined
  const values: Execute['values'] = []
  for (let place = 0; place < parameters; place++) {
    const isNull = ((body[nulls + (place >> 3)] as number) >> (place & 7)) & 1
    const type = types[2 * place] as number
    // what was sent ahead counts, whatever else is said of it
    if (isLong(place)) values.push(undefined)
    else if (isNull || type === nullType) values.push(null)
    else {
      const read = valueAt(body, at, type, ((types[2 * place + 1] as number) & unsigned) !== 0)
      if (!read) return undefined
      values.push(read.value)
      at = read.next
    }
  }
  return at === body.length ? { cursor, values, types } : undefined
}

type Read = { value: Value; next: number } | undefined

/** Numbers of types: MySQL docs, "Column Definition", field_types.h. */
export function valueAt(body: Buffer, at: number, type: number, noSign: boolean): Read {
  const number = numbers[type]
  if (number) {
    if (at + number.size > body.length) return undefined
    return { value: { text: number.read(body, at, noSign) }, next: at + number.size }
  }
  if (type === 0x07 || type === 0x0a || type === 0x0c) return timeAt(body, at, dateAndTime)
  if (type === 0x0b) return timeAt(body, at, duration)
  if (!texts.has(type)) return undefined
  const length = integerAt(body, at)
  if (!length || length.next + length.value > body.length) return undefined
  const next = length.next + length.value
  return { value: { bytes: body.subarray(length.next, next) }, next }
}

const numbers: Readonly<Record<number, { size: number; read(b: Buffer, at: number, noSign: boolean): string }>> = {
  1: { size: 1, read: (b, at, noSign) => String(noSign ? b.readUInt8(at) : b.readInt8(at)) },
  2: { size: 2, read: (b, at, noSign) => String(noSign ? b.readUInt16LE(at) : b.readInt16LE(at)) },
  13: { size: 2, read: (b, at, noSign) => String(noSign ? b.readUInt16LE(at) : b.readInt16LE(at)) },
  3: { size: 4, read: (b, at, noSign) => String(noSign ? b.readUInt32LE(at) : b.readInt32LE(at)) },
  9: { size: 4, read: (b, at, noSign) => String(noSign ? b.readUInt32LE(at) : b.readInt32LE(at)) },
  8: { size: 8, read: (b, at, noSign) => String(noSign ? b.readBigUInt64LE(at) : b.readBigInt64LE(at)) },
  4: { size: 4, read: (b, at) => String(b.readFloatLE(at)) },
  5: { size: 8, read: (b, at) => String(b.readDoubleLE(at)) },
}

// decimal, varchar, bit, json, new decimal, enum, set, the four blobs, var_string, string, geometry
const texts = new Set([0x00, 0x0f, 0x10, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff])

function timeAt(body: Buffer, at: number, read: (bytes: Buffer) => string | undefined): Read {
  const length = body[at]
  if (length === undefined || at + 1 + length > body.length) return undefined
  const next = at + 1 + length
  const text = read(body.subarray(at + 1, next))
  return text === undefined ? undefined : { value: { text }, next }
}

const two = (n: number | undefined): string => String(n ?? 0).padStart(2, '0')
const fraction = (micros: number): string => (micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`)

function dateAndTime(b: Buffer): string | undefined {
  if (b.length === 0) return '0000-00-00 00:00:00'
  if (b.length !== 4 && b.length !== 7 && b.length !== 11) return undefined
  const day = `${String(b.readUInt16LE(0)).padStart(4, '0')}-${two(b[2])}-${two(b[3])}`
  if (b.length === 4) return day
  return `${day} ${two(b[4])}:${two(b[5])}:${two(b[6])}${fraction(b.length === 11 ? b.readUInt32LE(7) : 0)}`
}

function duration(b: Buffer): string | undefined {
  if (b.length === 0) return '00:00:00'
  if (b.length !== 8 && b.length !== 12) return undefined
  const hours = b.readUInt32LE(1) * 24 + (b[5] as number)
  return `${b[0] === 1 ? '-' : ''}${two(hours)}:${two(b[6])}:${two(b[7])}${fraction(b.length === 12 ? b.readUInt32LE(8) : 0)}`
}
