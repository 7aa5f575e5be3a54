import type { web } from '@claviger/api'

/*
 * What a page of SQL knows, and how it changes with each word of the server. Only the last text that ran has its results here, and of those no more
 * than is shown: the page of a person who ran a thousand texts is no larger than that of one who ran one.
 */

export type Cell = web.SqlCell
type Failed = Extract<web.SqlHears, { kind: 'failed' }>

export interface Result {
  kind: 'result'
  /** From 1, among the results of this text. */
  n: number
  columns: { name: string; type: string }[]
  rows: Cell[][]
  /** How it ended; undefined while it has not. */
  done: { tag: string; rows: number | null } | undefined
  /** There were more rows than are shown. */
  cutShort: boolean
}
export type Piece =
  | Result
  | (Failed & { kind: 'failed' })
  | { kind: 'done'; tag: string; rows: number | null }
  | { kind: 'notice'; severity: string; message: string }

export interface Run {
  n: number
  sql: string
  /** Where it stood in the editor. */
  from: number
  /** `performance.now()` when it was sent. */
  since: number
  pieces: Piece[]
  now: 'running' | 'held' | 'cancelling' | 'ended'
  /** Rows and characters that are shown, of all its results. */
  rows: number
  chars: number
  /** Rows that may be shown before somebody is asked. */
  asked: number
  ms: number | undefined
}

/** A line of the history. */
export interface Past {
  n: number
  sql: string
  outcome: 'done' | 'failed' | 'cancelled' | 'cut'
  rows: number | null
  ms: number | null
}

interface Ready {
  server: string
  database: string
  cancelBy: 'key' | 'ticket'
}

export interface Sql {
  phase: 'before' | 'opening' | 'open' | 'over'
  ready: Ready | undefined
  transaction: 'none' | 'open' | 'failed'
  suspended: boolean
  /** Words of Claviger and of officers, the newest last. */
  said: { n: number; message: string }[]
  run: Run | undefined
  past: Past[]
  runs: number
  /** Why it ended; null where it ended by itself. */
  why: string | null
}

/** Rows that are shown without being asked for, and by each asking. */
export const pageRows = 1000
/** More is not shown of one text, however often it is asked for. */
export const mostRows = 20_000
const mostChars = 20_000_000
const mostPast = 200
const mostSaid = 50
const mostPieces = 500

export const nothing: Sql = {
  ...{ phase: 'before', ready: undefined, transaction: 'none', suspended: false, said: [], run: undefined, past: [], runs: 0, why: null },
}

type Act =
  | { kind: 'begin' }
  | { kind: 'refused' }
  | { kind: 'run'; sql: string; from: number; since: number }
  | { kind: 'asked' }
  | { kind: 'cancelling' }
  | { kind: 'not_cancelled'; now: Run['now'] }
  | { kind: 'heard'; message: web.SqlHears }
  | { kind: 'gone'; why: string | null }
  | { kind: 'read'; n: number }

export const isFull = (run: Run): boolean => run.rows >= mostRows || run.chars >= mostChars
/** Whether the next rows are asked for without anybody's doing. */
export const goesOn = (run: Run): boolean => run.rows < run.asked && !isFull(run)

export function next(sql: Sql, act: Act): Sql {
  switch (act.kind) {
    case 'begin':
      return { ...nothing, phase: 'opening', past: sql.past, runs: sql.runs }
    case 'refused':
      return { ...sql, phase: 'before' }
    case 'run': {
      const n = sql.runs + 1
      const fresh = { pieces: [], now: 'running', rows: 0, chars: 0, asked: pageRows, ms: undefined } as const
      return { ...sql, runs: n, run: { n, sql: act.sql, from: act.from, since: act.since, ...fresh, pieces: [] } }
    }
    case 'asked':
      return withRun(sql, (run) => ({ ...run, now: 'running', asked: goesOn(run) ? run.asked : Math.min(mostRows, run.rows + pageRows) }))
    case 'cancelling':
      return withRun(sql, (run) => ({ ...run, now: 'cancelling' }))
    case 'not_cancelled':
      return withRun(sql, (run) => ({ ...run, now: act.now }))
    case 'read':
      return { ...sql, said: sql.said.filter((one) => one.n !== act.n) }
    case 'gone':
      return sql.phase === 'over' ? sql : over(sql, act.why)
    case 'heard':
      return hear(sql, act.message)
  }
}

const withRun = (sql: Sql, change: (run: Run) => Run): Sql => (sql.run && sql.run.now !== 'ended' ? { ...sql, run: change(sql.run) } : sql)

function hear(sql: Sql, message: web.SqlHears): Sql {
  switch (message.kind) {
    case 'ready': {
      const { server, database, cancelBy } = message
      return { ...sql, phase: 'open', ready: { server, database, cancelBy } }
    }
    case 'said':
      return { ...sql, said: [...sql.said, { n: (sql.said.at(-1)?.n ?? 0) + 1, message: message.message }].slice(-mostSaid) }
    case 'suspended':
      return { ...sql, suspended: message.suspended }
    case 'idle':
      return settle({ ...sql, transaction: message.transaction }, message.ms)
    case 'over':
      return over(sql, message.why)
    default:
      return withRun(sql, (run) => grow(run, message))
  }
}

/** A run with what was said of it. */
function grow(run: Run, message: Exclude<web.SqlHears, { kind: 'ready' | 'said' | 'suspended' | 'idle' | 'over' }>): Run {
  const last = run.pieces.at(-1)
  const open = last?.kind === 'result' && !last.done ? last : undefined
  const change = (part: Partial<Result>): Piece[] => (open ? [...run.pieces.slice(0, -1), { ...open, ...part }] : run.pieces)
  const add = (piece: Piece): Run => (run.pieces.length >= mostPieces ? run : { ...run, pieces: [...run.pieces, piece] })
  switch (message.kind) {
    case 'columns': {
      const n = run.pieces.filter((piece) => piece.kind === 'result').length + 1
      return add({ kind: 'result', n, columns: message.columns, rows: [], done: undefined, cutShort: false })
    }
    case 'rows': {
      if (!open) return run
      const rows = run.rows + message.rows.length
      return { ...run, rows, chars: run.chars + charsOf(message.rows), pieces: change({ rows: [...open.rows, ...message.rows] }) }
    }
    case 'held':
      return run.now === 'cancelling' ? run : { ...run, now: 'held' }
    case 'skipped':
      return { ...run, now: run.now === 'held' ? 'running' : run.now, pieces: change({ cutShort: true }) }
    case 'done': {
      const done = { tag: message.tag, rows: message.rows }
      if (!open) return add({ kind: 'done', ...done })
      return { ...run, pieces: change({ done, cutShort: open.cutShort || (done.rows ?? 0) > open.rows.length }) }
    }
    case 'failed':
      return add(message)
    case 'notice':
      // it may come in the middle of a result, and stands before it
      if (open) return run.pieces.length >= mostPieces ? run : { ...run, pieces: [...run.pieces.slice(0, -1), message, open] }
      return add(message)
  }
}

const charsOf = (rows: Cell[][]): number => {
  let sum = 0
  for (const row of rows) for (const cell of row) sum += typeof cell === 'string' ? cell.length : cell === null ? 4 : cell.cut.length
  return sum
}

/** The text has run: it goes into the history. */
function settle(sql: Sql, ms: number | null, cut = false): Sql {
  const { run } = sql
  if (!run || run.now === 'ended') return sql
  const failed = run.pieces.some((piece) => piece.kind === 'failed')
  const outcome = cut ? 'cut' : !failed ? 'done' : run.now === 'cancelling' ? 'cancelled' : 'failed'
  const past: Past = { n: run.n, sql: run.sql, outcome, rows: rowsOf(run), ms }
  return { ...sql, run: { ...run, now: 'ended', ms: ms ?? undefined }, past: [past, ...sql.past].slice(0, mostPast) }
}

/** Rows that its statements gave or touched, as far as they said; null where none did. */
export function rowsOf(run: Run): number | null {
  const counts = run.pieces.flatMap((piece) => {
    const done = piece.kind === 'result' ? piece.done : piece.kind === 'done' ? piece : undefined
    return done && done.rows !== null ? [done.rows] : []
  })
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0)
}

const over = (sql: Sql, why: string | null): Sql => ({
  ...settle(sql, null, true),
  phase: 'over',
  suspended: false,
  transaction: 'none',
  why,
})
