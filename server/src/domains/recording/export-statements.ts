import type { StatementBody, StatementEndBody } from '../../protocols/recording/index.ts'
import { howItEnded } from './export-asciicast.ts'
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
  truncated: boolean
  parameters: readonly (string | null)[]
  /** `open`: nobody saw its end. */
  outcome: StatementEndBody['outcome'] | 'open'
  durationMs: number | null
  rows: number | null
  bytes: number | null
  tag: string | null
  sqlState: string | null
  message: string | null
}

/** So many statements may wait for their end at a time; more than a client keeps in flight. */
const mostOpen = 10_000

/** The statements of a recording, in the order in which they started. */
export async function* statementList(reader: RecordingReader): AsyncGenerator<RecordedStatement> {
  // those from the oldest that is still open; what stands before it has been given out
  const waiting = new Map<number, RecordedStatement>()
  for await (const frame of reader.frames()) {
    if (frame.kind === 'statement') waiting.set(frame.n, begun(frame, frame.at, reader.startedAt))
    if (frame.kind !== 'statement_end') continue
    const statement = waiting.get(frame.n)
    if (statement) waiting.set(frame.n, { ...statement, ...come(frame) })
    yield* settled(waiting)
  }
  yield* waiting.values()
}

function* settled(waiting: Map<number, RecordedStatement>): Generator<RecordedStatement> {
  for (const [n, statement] of waiting) {
    if (statement.outcome === 'open' && waiting.size < mostOpen) return
    waiting.delete(n)
    yield statement
  }
}

function begun({ n, via, sql, masked, truncated, parameters }: StatementBody, at: number, start: number): RecordedStatement {
  return {
    ...{ n, at: new Date(at / 1000), seconds: Math.max(0, at - start) / 1_000_000, via, sql, masked, truncated, parameters },
    ...{ outcome: 'open', durationMs: null, rows: null, bytes: null, tag: null, sqlState: null, message: null },
  }
}

const come = ({ outcome, duration, rows, size, tag, sqlState, message }: StatementEndBody) => ({
  ...{ outcome, durationMs: duration / 1000, rows, bytes: size },
  ...{ tag: tag || null, sqlState: sqlState || null, message: message || null },
})

/** One JSON object a line. A recording that was interrupted or altered ends with a line that says so. */
export async function* statementsAsJsonLines(reader: RecordingReader): AsyncGenerator<string> {
  for await (const statement of statementList(reader)) yield `${JSON.stringify(statement)}\n`
  const ending = howItEnded(reader)
  if (ending) yield `${JSON.stringify({ note: ending })}\n`
}

/** For reading: a line for each statement, its parameters and what it came to below it. */
export async function* statementsAsText(reader: RecordingReader): AsyncGenerator<string> {
  for await (const s of statementList(reader)) {
    yield `${s.at.toISOString()}  #${s.n}  ${printable(s.sql)}${s.truncated ? ' …' : ''}\n`
    if (s.parameters.length > 0)
      yield `    with ${s.parameters.map((p, i) => `$${i + 1} = ${p === null ? 'null' : `'${printable(p)}'`}`).join(', ')}\n`
    yield `    ${inWords(s)}\n`
  }
  const ending = howItEnded(reader)
  if (ending) yield `${ending}\n`
}

function inWords({ outcome, durationMs, rows, bytes, tag, sqlState, message }: RecordedStatement): string {
  if (outcome === 'open') return 'no end was recorded'
  const took = `${(durationMs ?? 0).toFixed(1)} ms`
  if (outcome !== 'ok') return [outcome, took, sqlState, message && printable(message)].filter(Boolean).join(', ')
  return [tag ?? 'done', took, rows !== null && `${rows} rows`, `${bytes ?? 0} bytes`].filter(Boolean).join(', ')
}

/** On one line, without what a terminal would take for a command. */
const printable = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '�').trim()
