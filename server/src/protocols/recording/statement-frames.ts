import { Pen, textSize } from './pen.ts'
import { decodeContent } from './statement-content.ts'
import { Fields } from './statement-fields.ts'
import { varint, varintSize } from './varint.ts'

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
  const { ago, n, of, length, content } = body
  const refers = body.sameText || body.sameParameters
  const size = varintSize(ago) + varintSize(n) + 1 + (refers ? varintSize(of) : 0) + (length === null ? 0 : varintSize(length))
  const pen = new Pen(size + content.length)
  pen.number(ago)
  pen.number(n)
  pen.byte(flagsOf(body))
  if (refers) pen.number(of)
  if (length !== null) pen.number(length)
  pen.piece(content)
  return pen.done()
}

/** Written out, since it is done for every statement that passes. */
const flagsOf = (body: StatementBody): number =>
  (body.via === 'extended' ? extended : 0) |
  (body.length === null ? 0 : long) |
  (body.truncated ? bits.truncated : 0) |
  (body.masked ? bits.masked : 0) |
  (body.sameText ? bits.sameText : 0) |
  (body.sameParameters ? bits.sameParameters : 0) |
  (body.unsureEncoding ? bits.unsureEncoding : 0) |
  (body.escaped ? bits.escaped : 0)

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
  const { ago, n, duration, size, outcome, tag, sqlState, message } = end
  const rows = end.rows === null ? 0 : end.rows + 1
  const [tagLength, stateLength, messageLength] = [Buffer.byteLength(tag), Buffer.byteLength(sqlState), Buffer.byteLength(message)]
  const numbers = varintSize(ago) + varintSize(n) + varintSize(duration) + varintSize(rows) + varintSize(size)
  const pen = new Pen(numbers + 1 + textSize(tagLength) + textSize(stateLength) + textSize(messageLength))
  pen.number(ago)
  pen.number(n)
  pen.number(duration)
  pen.number(rows)
  pen.number(size)
  pen.byte(outcomes.indexOf(outcome))
  pen.text(tag, tagLength)
  pen.text(sqlState, stateLength)
  pen.text(message, messageLength)
  return pen.done()
}

export function decodeStatementEnd(bytes: Uint8Array): StatementEndBody | undefined {
  const read = new Fields(bytes)
  const [ago, n, duration, rows, size] = [read.number(), read.number(), read.number(), read.number(), read.number()]
  const outcome = outcomes[read.byte()]
  const [tag, sqlState, message] = [read.text(), read.text(), read.text()]
  if (!read.whole || !outcome) return undefined
  return { kind: 'statement_end', ago, n, duration, rows: rows === 0 ? null : rows - 1, size, outcome, tag, sqlState, message }
}
