/*
 * What a client says in the extended query protocol (PostgreSQL docs, "Extended Query"). A body may be the beginning of a
 * longer one: what is not there is left out. Undefined when it is not what it should be; the server will say so.
 */

export interface ParseBody {
  name: string
  sql: string
  /** The text ends within the body. */
  whole: boolean
  /** Object ids of the parameters' types; 0 where the client leaves it to the server. */
  types: readonly number[]
}

export function readParse(body: Buffer): ParseBody | undefined {
  const name = textAt(body, 0)
  if (!name) return undefined
  const sql = textAt(body, name.next)
  if (!sql) return { name: name.text, sql: body.toString('utf8', name.next), whole: false, types: [] }
  return { name: name.text, sql: sql.text, whole: true, types: readTypes(body, sql.next) }
}

/** A count and as many object ids, as in Parse and ParameterDescription. */
export function readTypes(body: Buffer, at = 0): number[] {
  const types: number[] = []
  const count = at + 2 <= body.length ? body.readUInt16BE(at) : 0
  for (let i = 0, place = at + 2; i < count && place + 4 <= body.length; i++, place += 4) types.push(body.readUInt32BE(place))
  return types
}

export interface BindBody {
  portal: string
  statement: string
  /** `undefined` where the body ends before the value does. */
  values: readonly ({ binary: boolean; bytes: Buffer; length: number } | null | undefined)[]
}

/** The values share memory with `body`. */
export function readBind(body: Buffer): BindBody | undefined {
  const portal = textAt(body, 0)
  const statement = portal && textAt(body, portal.next)
  if (!portal || !statement) return undefined
  let at = statement.next
  const count16 = (): number => {
    const count = at + 2 <= body.length ? body.readUInt16BE(at) : 0
    at += 2
    return count
  }
  const formats: number[] = []
  for (let left = count16(); left > 0 && at + 2 <= body.length; left--) formats.push(count16())
  const values: BindBody['values'][number][] = []
  const count = count16()
  for (let i = 0; i < count; i++) {
    if (at + 4 > body.length) {
      values.push(undefined)
      break
    }
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) values.push(null)
    else {
      // one format stands for all, none means text
      const binary = (formats.length === 1 ? formats[0] : formats[i]) === 1
      values.push({ binary, bytes: body.subarray(at, at + length), length })
      at += length
    }
  }
  return { portal: portal.text, statement: statement.text, values }
}

/** Execute begins with the portal's name, Query is one text. */
export const readText = (body: Buffer): string => (textAt(body, 0) ?? { text: body.toString('utf8') }).text

/** Close and Describe: S for a prepared statement or P for a portal, and its name. */
export const readNamed = (body: Buffer): { statement: boolean; name: string } => ({
  statement: body[0] === 0x53,
  name: readText(body.subarray(1)),
})

function textAt(body: Buffer, from: number): { text: string; next: number } | undefined {
  const end = body.indexOf(0, from)
  return end < 0 ? undefined : { text: end === from ? '' : body.toString('utf8', from, end), next: end + 1 }
}
