/*
 * What a client says in the extended query protocol (PostgreSQL docs, "Extended Query"). Bodies are whole. Names come as
 * their bytes in Latin-1, so that no two become one; texts and values share memory with the body. Undefined when a body is
 * not what it should be; the server will say so.
 */

export interface ParseBody {
  name: string
  sql: Buffer
  /** Object ids of the parameters' types; 0 where the client leaves it to the server. */
  types: readonly number[]
}

export function readParse(body: Buffer): ParseBody | undefined {
  const name = textAt(body, 0)
  const sql = name && textAt(body, name.next)
  if (!name || !sql) return undefined
  return { name: nameIn(name.bytes), sql: sql.bytes, types: readTypes(body, sql.next) }
}

/** A count and as many object ids, as in Parse and ParameterDescription. */
export function readTypes(body: Buffer, at = 0): number[] {
  const types: number[] = []
  const count = at + 2 <= body.length ? body.readUInt16BE(at) : 0
  for (let i = 0, place = at + 2; i < count && place + 4 <= body.length; i++, place += 4) types.push(body.readUInt32BE(place))
  return types
}

/** One bound value; null is SQL's. */
export type BoundValue = { binary: boolean; bytes: Buffer } | null

export interface BindBody {
  portal: string
  statement: string
  values: readonly BoundValue[]
  /** Where the forms stand in which the client wants what comes back: see `readForms`. */
  formsAt: number
}

export function readBind(body: Buffer): BindBody | undefined {
  const portal = textAt(body, 0)
  const statement = portal && textAt(body, portal.next)
  const values = statement && readValues(body, statement.next)
  if (!portal || !statement || !values) return undefined
  return { portal: nameIn(portal.bytes), statement: nameIn(statement.bytes), values: values.values, formsAt: values.next }
}

/** One form stands for all, none means text. */
export const isBinaryAt = (forms: readonly number[], place: number): boolean => (forms.length === 1 ? forms[0] : forms[place]) === 1

/** A function by its object id, and its arguments (PostgreSQL docs, "Function Call"). */
export function readFunctionCall(body: Buffer): { oid: number; values: readonly BoundValue[] } | undefined {
  const values = body.length >= 4 ? readValues(body, 4) : undefined
  return values && { oid: body.readUInt32BE(0), values: values.values }
}

/** A count and as many forms, of values or of columns: 0 for text, 1 for binary. */
export function readForms(body: Buffer, from: number): number[] {
  const forms: number[] = []
  const count = from + 2 <= body.length ? body.readUInt16BE(from) : 0
  for (let at = from + 2; forms.length < count && at + 2 <= body.length; at += 2) forms.push(body.readUInt16BE(at))
  return forms
}

/** Forms, then values, each with its length before it. */
function readValues(body: Buffer, from: number): { values: BoundValue[]; next: number } | undefined {
  const forms = readForms(body, from)
  let at = from + 2 + 2 * forms.length
  const values: BoundValue[] = []
  const count = at + 2 <= body.length ? body.readUInt16BE(at) : 0
  at += 2
  for (let i = 0; i < count; i++) {
    if (at + 4 > body.length) return undefined
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) values.push(null)
    else {
      if (at + length > body.length) return undefined
      values.push({ binary: isBinaryAt(forms, i), bytes: body.subarray(at, at + length) })
      at += length
    }
  }
  return { values, next: at }
}

/** Query is one text. */
export const readQuery = (body: Buffer): Buffer => (textAt(body, 0) ?? { bytes: body }).bytes

/** Execute begins with the portal's name. */
export const readName = (body: Buffer): string => nameIn(readQuery(body))

/** Close and Describe: S for a prepared statement or P for a portal, and its name. */
export const readNamed = (body: Buffer): { statement: boolean; name: string } => ({
  statement: body[0] === 0x53,
  name: readName(body.subarray(1)),
})

const nameIn = (bytes: Buffer): string => (bytes.length === 0 ? '' : bytes.toString('latin1'))

function textAt(body: Buffer, from: number): { bytes: Buffer; next: number } | undefined {
  const end = body.indexOf(0, from)
  return end < 0 ? undefined : { bytes: body.subarray(from, end), next: end + 1 }
}
