import type { StatementEnd, StatementStart } from '../../../gateways/contract.ts'
import { encodeContent } from '../../../protocols/recording/index.ts'
import type { Happening } from '../frame-queue.ts'
import type { MaskedStatement } from './masker.ts'
import { isSecretValue, masked } from './sensitive.ts'

/** Bytes of content in one frame: with the numbers before them they stay below `longestFrame`. */
const piece = 60 * 1024
/** How much of a text stands where it is only referred to, in characters. */
const glimpse = 256
const longestMessage = 2048
/** Characters of a text or value that is put into its frame at once. */
const shortText = 8192

export interface Scrub {
  /** Masks the injected credential. */
  scrub(text: string): string
  /** Whether there may be something to mask in what these bytes say. */
  touches(bytes: Buffer): boolean
}

/** The one frame of a statement as most are: short, and with nothing to mask in it. Undefined where it needs more, which `startFrames` makes. */
export function plainStart(start: StatementStart, mask: MaskedStatement, at: number, { touches }: Scrub): Happening | undefined {
  const { n, via, sql, parameters, again, unsureEncoding, escaped } = start
  if (again || mask.masked || sql.length > shortText) return undefined
  for (const value of parameters)
    if (value !== null && (mask.sensitive || value.length > shortText || isSecretValue(value))) return undefined
  const content = encodeContent({ sql, parameters })
  if (content.length > piece || touches(content)) return undefined
  const marks = { truncated: false, masked: false, sameText: false, sameParameters: false, unsureEncoding, escaped }
  return { kind: 'statement', at, ago: 0, n, via, of: 0, length: null, content, ...marks }
}

/** The frames of one statement, masked: as many as its text and values need. `at`: when it went to the target. */
export function* startFrames(start: StatementStart, mask: MaskedStatement, at: number, { scrub }: Scrub): Generator<Happening> {
  const { n, via, again, unsureEncoding, escaped } = start
  const values = again?.parameters ? { list: [], masked: false } : maskParameters(start.parameters, mask, scrub)
  const text = scrub(mask.sql)
  const content = encodeContent({ sql: again ? text.slice(0, glimpse).toWellFormed() : text, parameters: values.list })
  const long = content.length > piece
  yield {
    ...{ kind: 'statement', at, ago: 0, n, via, truncated: false, masked: mask.masked || values.masked, unsureEncoding, escaped },
    ...{ sameText: again !== undefined, sameParameters: again?.parameters ?? false, of: again?.of ?? 0 },
    ...{ length: long ? content.length : null, content: content.subarray(0, piece) },
  }
  for (let from = piece; from < content.length; from += piece)
    yield { kind: 'statement_more', n, bytes: content.subarray(from, from + piece) }
  if (mask.masked || values.masked) yield* unmasked(start, scrub)
}

/** What is masked might be what was executed: two officers can see it, as they can see what was typed unseen. */
function* unmasked({ n, sql, parameters, again }: StatementStart, scrub: Scrub['scrub']): Generator<Happening> {
  if (again?.parameters) return
  const values = parameters.map((value) => value && scrub(value))
  const content = encodeContent({ sql: again ? '' : scrub(sql), parameters: values })
  for (let from = 0; from < content.length; from += piece)
    yield { kind: 'unmasked', n, length: content.length, from, bytes: content.subarray(from, from + piece) }
}

function maskParameters(given: StatementStart['parameters'], mask: MaskedStatement, scrub: Scrub['scrub']) {
  let anyMasked = false
  const list = given.map((value, i) => {
    if (value === null) return null
    if (mask.sensitive || (mask.secretValues?.get(i) ?? isSecretValue(value))) {
      anyMasked = true
      return masked
    }
    return scrub(value)
  })
  return { list, masked: anyMasked }
}

/** `delicate`: the statement touches something secret, and the target may repeat it. */
export function endFrame(
  end: StatementEnd,
  delicate: boolean,
  at: number,
  { scrub }: Scrub,
): Extract<Happening, { kind: 'statement_end' }> {
  return {
    kind: 'statement_end',
    at,
    ago: 0,
    n: end.n,
    rows: end.rows,
    size: end.bytes,
    outcome: end.outcome,
    duration: Math.max(0, Math.round(end.durationMs * 1000)),
    tag: cut(end.tag ?? '', 128),
    sqlState: cut(end.sqlState ?? '', 16),
    message: end.message ? cut(sayable(scrub(end.message), delicate), longestMessage) : '',
  }
}

function sayable(said: string, delicate: boolean): string {
  // what a target complains about stands in quotes: syntax error at or near "…"
  const message = delicate ? said.replaceAll(/"[^"]*"?|'[^']*'?/g, `"${masked}"`) : said
  return isSecretValue(message) ? masked : message
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text
  const all = Buffer.from(text)
  if (all.length <= bytes) return text
  let end = Math.max(0, bytes)
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end--
  return all.subarray(0, end).toString()
}
