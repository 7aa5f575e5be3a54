import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Spelling } from '../contract.ts'

/*
 * Bytes in, bytes out: a string could not be wiped.
 */

const bytesOf = (text: string): number[] => [...Buffer.from(text)]
const hex = (byte: number) => byte.toString(16).padStart(2, '0')
const isControl = (byte: number) => byte < 0x20 || byte === 0x7f
const unreserved = /^[A-Za-z0-9._~-]$/

const written: Readonly<Record<Spelling, (byte: number) => number[]>> = {
  plain: (byte) => [byte],
  // between double quotes; YAML and TOML read these escapes as JSON does
  json: (byte) => (byte === 0x22 || byte === 0x5c ? [0x5c, byte] : isControl(byte) ? bytesOf(`\\u00${hex(byte)}`) : [byte]),
  // between single quotes
  shell: (byte) => (byte === 0x27 ? bytesOf("'\\''") : [byte]),
  url: (byte) => (unreserved.test(String.fromCharCode(byte)) ? [byte] : bytesOf(`%${hex(byte).toUpperCase()}`)),
}

/** The credential as it shall stand in one line, before `after`; or why it cannot stand there. The caller wipes what it gets. */
export function spellSecret(secret: Uint8Array, as: Spelling, after: string): Result<Buffer, string> {
  const quote = after.charAt(0)
  const spelt = secret.reduce((length, byte) => length + written[as](byte).length, 0)
  const out = Buffer.alloc(spelt)
  let at = 0
  for (const byte of secret) for (const b of written[as](byte)) out[at++] = b
  const refused = (why: string) => {
    out.fill(0)
    return fail(why)
  }
  if (out.some((byte) => byte === 0 || byte === 10 || byte === 13))
    return refused('the credential has several lines, and one line is to hold it')
  if (as === 'plain' && (quote === '"' || quote === "'") && (out.includes(quote) || out.includes(0x5c)))
    return refused(`the credential holds a ${quote} or a backslash between quotes; spell it as ${quote === '"' ? 'json' : 'shell'}`)
  return ok(out)
}
