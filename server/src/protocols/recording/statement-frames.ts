import { decodeContent } from './statement-content.ts'
import { Fields, text } from './statement-fields.ts'
import { varint } from './varint.ts'

/** What is true of a statement, each a bit of its flags. */
const bits = {
  /** Not all of the text, or of the values, was kept. */
  truncated: 2,
  /** Something in the text or the parameters was masked. */
  masked: 4,
  /** The text is that of statement `of`; only its beginning stands here. */
  sameText: 16,
  /** The values are those of statement `of`, and none stand here. */
  sameParameters: 32,
  /** Sent ahead of an answer that may have changed the encoding in which it was read. */
  unsureEncoding: 64,
  /** Bytes that are no text in the session's encoding stand as `\xHH`. */
  escaped: 128,
} as const
const extended = 1
const long = 8
const marks = Object.entries(bits) as [keyof typeof bits, number][]

export type StatementMarks = { [mark in keyof typeof bits]: boolean }

/** A statement when it starts (docs/formats.md, Statements). */
export interface StatementBody extends StatementMarks {
  kind: 'statement'
  /** Microseconds from the start of the statement to the frame's time. */
  ago: number
  n: number
  via: 'simple' | 'extended'
  /** An earlier statement, where one of the marks `same…` is set; else 0. */
  of: number
  /** Bytes of the whole content, where it goes on in frames `statement_more`; null where all of it is here. */
  length: number | null
  content: Uint8Array
}

/** The next bytes of a statement's content. */
export interface StatementMoreBody {
  kind: 'statement_more'
  n: number
  bytes: Uint8Array
}

/** Content as it was before masking, or some of it: for the officers' stream. */
export interface UnmaskedBody {
  kind: 'unmasked'
  n: number
  /** Bytes of the whole content, and before this piece of it. */
  length: number
  from: number
  bytes: Uint8Array
}

export interface StatementEndBody {
  kind: 'statement_end'
  ago: number
  n: number
  /** Microseconds. */
  duration: number
  rows: number | null
  /** Bytes of the answer. */
  size: number
  outcome: 'ok' | 'failed' | 'cancelled' | 'cut'
  tag: string
  sqlState: string
  message: string
}

const outcomes = ['ok', 'failed', 'cancelled', 'cut'] as const

export function encodeStatement(body: StatementBody): Uint8Array {
  const { ago, n, via, of, length, content } = body
  let flags = (via === 'extended' ? extended : 0) | (length === null ? 0 : long)
  for (const [mark, bit] of marks) if (body[mark]) flags |= bit
  const refers = body.sameText || body.sameParameters ? varint(of) : none
  return Buffer.concat([varint(ago), varint(n), Uint8Array.of(flags), refers, length === null ? none : varint(length), content])
}

export function decodeStatement(bytes: Uint8Array): StatementBody | undefined {
  const read = new Fields(bytes)
  const [ago, n, flags] = [read.number(), read.number(), read.byte()]
  const refers = (flags & (bits.sameText | bits.sameParameters)) !== 0
  const of = refers ? read.number() : 0
  const length = flags & long ? read.number() : null
  const content = read.rest()
  if (!read.sound || (refers && (of < 1 || of >= n))) return undefined
  if (length === null ? !decodeContent(content).whole : content.length >= length) return undefined
  const set = Object.fromEntries(marks.map(([mark, bit]) => [mark, (flags & bit) !== 0])) as StatementMarks
  return { kind: 'statement', ago, n, via: flags & extended ? 'extended' : 'simple', ...set, of, length, content }
}

export const encodeMore = ({ n, bytes }: StatementMoreBody): Uint8Array => Buffer.concat([varint(n), bytes])

export function decodeMore(bytes: Uint8Array): StatementMoreBody | undefined {
  const read = new Fields(bytes)
  const [n, rest] = [read.number(), read.rest()]
  return read.sound && rest.length > 0 ? { kind: 'statement_more', n, bytes: rest } : undefined
}

export const encodeUnmasked = ({ n, length, from, bytes }: UnmaskedBody): Uint8Array =>
  Buffer.concat([varint(n), varint(length), varint(from), bytes])

export function decodeUnmasked(body: Uint8Array): UnmaskedBody | undefined {
  const read = new Fields(body)
  const [n, length, from, bytes] = [read.number(), read.number(), read.number(), read.rest()]
  return read.sound && from + bytes.length <= length ? { kind: 'unmasked', n, length, from, bytes } : undefined
}

export function encodeStatementEnd(end: StatementEndBody): Uint8Array {
  const { ago, n, duration, rows, size, outcome, tag, sqlState, message } = end
  const numbers = [ago, n, duration, rows === null ? 0 : rows + 1, size].map(varint)
  return Buffer.concat([...numbers, Uint8Array.of(outcomes.indexOf(outcome)), text(tag), text(sqlState), text(message)])
}

export function decodeStatementEnd(bytes: Uint8Array): StatementEndBody | undefined {
  const read = new Fields(bytes)
  const [ago, n, duration, rows, size] = [read.number(), read.number(), read.number(), read.number(), read.number()]
  const outcome = outcomes[read.byte()]
  const [tag, sqlState, message] = [read.text(), read.text(), read.text()]
  if (!read.whole || !outcome) return undefined
  return { kind: 'statement_end', ago, n, duration, rows: rows === 0 ? null : rows - 1, size, outcome, tag, sqlState, message }
}

const none = new Uint8Array(0)
