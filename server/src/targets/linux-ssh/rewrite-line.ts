import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Spelling } from '../contract.ts'
import { spellSecret } from './spell-secret.ts'

/** Where the credential stands in a line. */
export const placeholder = '{secret}'

const lineEnd = 0x0a
const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d

/** From where to where the credential stands in the one line that is like `line`; or why that is not clear. */
export function findPlace(file: Uint8Array, line: string): Result<{ from: number; to: number }, string> {
  const [before = '', after = '', ...more] = line.split(placeholder)
  if (more.length > 0 || !line.includes(placeholder)) return fail(`the line must hold ${placeholder} once`)
  const head = Buffer.from(before.trimStart())
  const tail = Buffer.from(after.trimEnd())
  const places: { from: number; to: number }[] = []
  for (let start = 0; start < file.length; ) {
    const found = file.indexOf(lineEnd, start)
    const end = found < 0 ? file.length : found
    let from = start
    let to = end
    // indentation and what is invisible at the end stay as they are
    while (from < to && isBlank(file[from])) from++
    while (to > from && isBlank(file[to - 1])) to--
    const text = Buffer.from(file.buffer, file.byteOffset + from, to - from)
    if (
      text.length >= head.length + tail.length &&
      text.subarray(0, head.length).equals(head) &&
      text.subarray(text.length - tail.length).equals(tail)
    )
      places.push({ from: from + head.length, to: to - tail.length })
    start = end + 1
  }
  const [place] = places
  if (!place) return fail(`no line of the file is like ${line}`)
  return places.length === 1 ? ok(place) : fail(`${places.length} lines of the file are like ${line}`)
}

/** The file with another credential in that line, and everything else as it was. The caller wipes both. */
export function rewriteLine(file: Uint8Array, line: string, as: Spelling, secret: Uint8Array): Result<Buffer, string> {
  const place = findPlace(file, line)
  if (!place.ok) return place
  const spelt = spellSecret(secret, as, line.split(placeholder)[1] ?? '')
  if (!spelt.ok) return spelt
  const rewritten = Buffer.concat([file.subarray(0, place.value.from), spelt.value, file.subarray(place.value.to)])
  spelt.value.fill(0)
  return ok(rewritten)
}
