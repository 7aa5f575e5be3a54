import { decodeFile, encodeFile, type FileBody } from './file-frames.ts'
import { decodeResult, encodeResult, type ResultBody } from './result-frames.ts'
import {
  decodeMore,
  decodeStatement,
  decodeStatementEnd,
  decodeUnmasked,
  encodeMore,
  encodeStatement,
  encodeStatementEnd,
  encodeUnmasked,
  type StatementBody,
  type StatementEndBody,
  type StatementMoreBody,
  type UnmaskedBody,
} from './statement-frames.ts'
import { readVarint, varint } from './varint.ts'

/** Who may read a chunk, and with which key. */
export type Stream = 'viewers' | 'officers'

/** One thing that happened (docs/formats.md, Frames). */
export type FrameBody =
  | { kind: 'output' | 'input' | 'unproven'; bytes: Uint8Array }
  | { kind: 'hidden'; count: number }
  | { kind: 'resize'; columns: number; rows: number }
  | { kind: 'command'; ago: number; text: string }
  | { kind: 'event'; text: string }
  | { kind: 'undecided'; position: number; bytes: Uint8Array }
  | StatementBody
  | StatementMoreBody
  | UnmaskedBody
  | StatementEndBody
  | ResultBody
  | FileBody

export type FrameKind = FrameBody['kind']
/** `dt` in microseconds since the frame before it, for the first one since the chunk's `at`. */
export type Frame = FrameBody & { dt: number }

export const longestFrame = 65_536

export const frameNumbers = {
  output: 1,
  input: 2,
  hidden: 3,
  resize: 4,
  command: 5,
  event: 6,
  unproven: 7,
  undecided: 8,
  statement: 9,
  statement_end: 10,
  statement_more: 11,
  unmasked: 12,
  file: 13,
  result: 14,
} as const
const frameNames = new Map<number, FrameKind>(Object.entries(frameNumbers).map(([name, number]) => [number, name as FrameKind]))

const forOfficers: readonly FrameKind[] = ['unproven', 'undecided', 'unmasked']
/** Unproven bytes never stand in a chunk that the viewers' key opens: a writer that tried would be refused by every reader. */
export const streamOf = (kind: FrameKind): Stream => (forOfficers.includes(kind) ? 'officers' : 'viewers')

const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts)
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The bytes of a frame after its kind, time and length. */
export function encodeBody(body: FrameBody): Uint8Array {
  switch (body.kind) {
    case 'output':
    case 'input':
    case 'unproven':
      return body.bytes
    case 'hidden':
      return varint(body.count)
    case 'resize':
      return join(varint(body.columns), varint(body.rows))
    case 'command':
      return join(varint(body.ago), Buffer.from(body.text))
    case 'event':
      return Buffer.from(body.text)
    case 'undecided':
      return join(varint(body.position), body.bytes)
    case 'statement':
      return encodeStatement(body)
    case 'statement_more':
      return encodeMore(body)
    case 'unmasked':
      return encodeUnmasked(body)
    case 'statement_end':
      return encodeStatementEnd(body)
    case 'file':
      return encodeFile(body)
    case 'result':
      return encodeResult(body)
  }
}

function decodeBody(kind: FrameKind, bytes: Uint8Array): FrameBody | undefined {
  switch (kind) {
    case 'output':
    case 'input':
    case 'unproven':
      return { kind, bytes }
    case 'event':
      return { kind, text: utf8.decode(bytes) }
    case 'hidden': {
      const count = readVarint(bytes, 0)
      return count?.next === bytes.length ? { kind, count: count.value } : undefined
    }
    case 'resize': {
      const columns = readVarint(bytes, 0)
      const rows = columns && readVarint(bytes, columns.next)
      return rows?.next === bytes.length ? { kind, columns: columns?.value as number, rows: rows.value } : undefined
    }
    case 'command': {
      const ago = readVarint(bytes, 0)
      return ago && { kind, ago: ago.value, text: utf8.decode(bytes.subarray(ago.next)) }
    }
    case 'undecided': {
      const position = readVarint(bytes, 0)
      return position && { kind, position: position.value, bytes: bytes.subarray(position.next) }
    }
    case 'statement':
      return decodeStatement(bytes)
    case 'statement_more':
      return decodeMore(bytes)
    case 'unmasked':
      return decodeUnmasked(bytes)
    case 'statement_end':
      return decodeStatementEnd(bytes)
    case 'file':
      return decodeFile(bytes)
    case 'result':
      return decodeResult(bytes)
  }
}

/** The frames of one chunk, or the offset at which they stop making sense. */
export function decodeFrames(plain: Uint8Array, stream: Stream): { frames: Frame[] } | { bad: number } {
  const frames: Frame[] = []
  for (let at = 0; at < plain.length; ) {
    const kind = frameNames.get(plain[at] as number)
    const dt = readVarint(plain, at + 1)
    const length = dt && readVarint(plain, dt.next)
    if (!kind || streamOf(kind) !== stream || !length || length.value > longestFrame || length.next + length.value > plain.length)
      return { bad: at }
    const body = decodeBody(kind, plain.subarray(length.next, length.next + length.value))
    if (!body) return { bad: at }
    frames.push({ ...body, dt: (dt as { value: number }).value })
    at = length.next + length.value
  }
  return { frames }
}
