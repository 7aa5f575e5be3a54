import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type Form, nameless, textOf } from './form.ts'

/** What is deeper or has more in it costs whoever reads it many times what it weighs. */
const deepest = 32
const mostValues = 20_000

/** A JSON document, kept byte for byte. */
export const json: Form = {
  kind: 'json',
  read(bytes, name) {
    if (name !== undefined) return nameless('A JSON document')
    const weighed = weigh(bytes)
    if (!weighed.ok) return weighed
    const text = textOf(bytes)
    if (text === undefined) return fail('A JSON document is UTF-8.')
    let document: unknown
    try {
      document = JSON.parse(text)
    } catch {
      // what the parser says repeats what it read
      return fail('This is no JSON document.')
    }
    if (document === null || typeof document !== 'object') return fail('A JSON document is an object or a list.')
    return ok({ secret: bytes, about: { size: bytes.length, fields: Object.keys(document).length } })
  },
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const opening: readonly number[] = [0x7b, 0x5b]
const closing: readonly number[] = [0x7d, 0x5d]

/** Counts depth and values before anything is built of it: a mebibyte of `[[[[` is half a million lists. */
function weigh(bytes: Uint8Array): Result<void, string> {
  let [depth, values, inText] = [0, 1, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (inText) {
      if (byte === backslash) at += 1
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (opening.includes(byte)) {
      depth += 1
      values += 1
    } else if (closing.includes(byte)) depth -= 1
    else if (byte === comma || byte === colon) values += 1
    if (depth > deepest) return fail(`A JSON document is ${deepest} levels deep at most.`)
    if (values > mostValues) return fail(`A JSON document has ${mostValues} values at most.`)
  }
  return ok(undefined)
}
