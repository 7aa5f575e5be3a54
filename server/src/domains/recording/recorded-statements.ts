import {
  decodeContent,
  type ResultBody,
  type ResultColumn,
  type StatementBody,
  type StatementEndBody,
} from '../../protocols/recording/index.ts'
import type { RecordedFrame } from './open-frames.ts'
import type { RecordingReader } from './recording-reader.ts'

/** One statement of an SQL session with what it came to. */
export interface RecordedStatement {
  n: number
  /** When it went to the target. */
  at: Date
  /** The same, in seconds from the start of the recording. */
  seconds: number
  via: StatementBody['via']
  /** Passwords in it are `[masked]`. */
  sql: string
  masked: boolean
  /** Not all of it was recorded: a session of an older version, or one that was killed meanwhile. */
  truncated: boolean
  /** Only the beginning is given; an export has all. */
  shortened: boolean
  /** Bytes of text and parameters together, as recorded. */
  length: number
  /** The earlier statement in which the text stands whole, where only its beginning stands here. */
  sameTextAs: number | null
  /** The one in which the parameters stand, where none stand here. */
  sameParametersAs: number | null
  unsureEncoding: boolean
  escaped: boolean
  parameters: readonly (string | null)[]
  /** `open`: nobody saw its end. */
  outcome: StatementEndBody['outcome'] | 'open'
  durationMs: number | null
  rows: number | null
  bytes: number | null
  tag: string | null
  sqlState: string | null
  message: string | null
  /** What it gave back, as far as policy had it kept; absent where nothing was. */
  results?: KeptResult
}

/** Rows in the order in which they passed, under the columns of their result. */
export interface KeptResult {
  sets: { columns: readonly ResultColumn[]; rows: (readonly (string | null)[])[] }[]
  /** Rows that were kept; `sets` may have fewer. */
  kept: number
}

/** So many statements may wait for their end at a time; more than a client keeps in flight. */
const mostOpen = 10_000
/** Bytes that they may hold together. Beyond it the oldest are given out as open: a client that sent so much ahead shows no outcomes in exports. */
const mostHeld = 128 * 1024 * 1024

/** A statement that waits for the rest of its content, or for its end. */
interface Waiting {
  body: StatementBody
  pieces: Uint8Array[]
  kept: number
  seen: number
  at: number
  end: StatementEndBody | undefined
  results?: KeptResult & { size: number }
}

/** The statements of a recording, in the order in which they started. `keep`: bytes of each one's content that are given. */
export const statementList = (reader: RecordingReader, keep = Number.POSITIVE_INFINITY): AsyncGenerator<RecordedStatement> =>
  statementsIn(reader.frames(), reader.startedAt, keep)

/** Those that begin in these frames. `keep` as above, and `keepRows` of what each gave back. `startedAt`: when the recording did, in microseconds since 1970. */
export async function* statementsIn(
  frames: AsyncIterable<RecordedFrame>,
  startedAt: number,
  keep: number,
  keepRows = keep,
): AsyncGenerator<RecordedStatement> {
  // those from the oldest that is still open; what stands before it has been given out
  const waiting = new Map<number, Waiting>()
  let held = 0
  const take = (one: Waiting, bytes: Uint8Array) => {
    const part = bytes.subarray(0, Math.max(0, keep - one.kept))
    one.seen += bytes.length
    one.kept += part.length
    held += part.length
    // a copy: the frame is a piece of a whole chunk
    if (part.length > 0) one.pieces.push(Uint8Array.from(part))
  }
  for await (const frame of frames) {
    if (frame.kind === 'statement') {
      const { at, ...body } = frame
      const one = { body, pieces: [], kept: 0, seen: 0, at, end: undefined }
      waiting.set(frame.n, one)
      take(one, frame.content)
    }
    const one =
      frame.kind === 'statement_more' || frame.kind === 'statement_end' || frame.kind === 'result' ? waiting.get(frame.n) : undefined
    if (one && frame.kind === 'result') held += takeResult(one, frame, keepRows)
    if (one && frame.kind === 'statement_more') take(one, frame.bytes)
    if (one && frame.kind === 'statement_end') one.end = frame
    for (const [n, first] of waiting) {
      const crowded = waiting.size >= mostOpen || (held >= mostHeld && waiting.size > 1)
      if (!first.end && !crowded) break
      waiting.delete(n)
      held -= first.kept + (first.results?.size ?? 0)
      yield recorded(first, startedAt)
    }
  }
  for (const one of waiting.values()) yield recorded(one, startedAt)
}

/** Answers how many bytes are held for it. */
function takeResult(one: Waiting, { columns, row }: ResultBody, keep: number): number {
  one.results ??= { sets: [], kept: 0, size: 0 }
  const { results } = one
  if (columns) results.sets.push({ columns, rows: [] })
  if (!row) return 0
  results.kept += 1
  const size = row.reduce((sum, value) => sum + (value?.length ?? 0) + 16, 0)
  if (results.size + size > keep) return 0
  results.size += size
  if (results.sets.length === 0) results.sets.push({ columns: [], rows: [] })
  results.sets.at(-1)?.rows.push(row)
  return size
}

function recorded({ body, pieces, kept, seen, at, end, results }: Waiting, start: number): RecordedStatement {
  const { n, via, masked, unsureEncoding, escaped, of } = body
  const length = body.length ?? seen
  const { sql, parameters } = decodeContent(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces))
  return {
    ...{ n, at: new Date(at / 1000), seconds: Math.max(0, at - start) / 1_000_000, via, sql, masked, length, unsureEncoding, escaped },
    ...{ truncated: body.truncated || seen < length, shortened: kept < seen, parameters },
    ...{ sameTextAs: body.sameText ? of : null, sameParametersAs: body.sameParameters ? of : null },
    ...(end ? come(end) : open),
    ...(results && { results: { sets: results.sets, kept: results.kept } }),
  }
}

const open = { outcome: 'open', durationMs: null, rows: null, bytes: null, tag: null, sqlState: null, message: null } as const
const come = ({ outcome, duration, rows, size, tag, sqlState, message }: StatementEndBody) => ({
  ...{ outcome, durationMs: duration / 1000, rows, bytes: size },
  ...{ tag: tag || null, sqlState: sqlState || null, message: message || null },
})
