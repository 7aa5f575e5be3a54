import type { StatementEnd, StatementStart } from '../../contract.ts'
import { Batch } from './batch.ts'
import type { Failure, Running } from './expected.ts'

export interface StatementEvents {
  /** Called before the message that holds the statement is passed on. */
  started(statement: StatementStart): void
  ended(end: StatementEnd): void
  /** Milliseconds, monotonic. */
  now(): number
}

const cancelled = '57014'

/** Numbers the statements of a session, and tells how they began and ended. */
export class StatementLog {
  readonly #events: StatementEvents
  readonly batch: Batch
  #count = 0
  /** When the statement before ended: one that was sent ahead begins only then. */
  #lastEnd = 0
  /** Of the answer, since the last end. */
  #rows = 0
  #bytes = 0

  constructor(events: StatementEvents) {
    this.#events = events
    this.batch = new Batch((end) => events.ended(end))
  }

  // written out here and below: copying what an object holds takes longer than all the rest of a statement
  begin({ via, sql, parameters, unsureEncoding, escaped, again }: Omit<StatementStart, 'n'>): Running {
    const n = ++this.#count
    const started: StatementStart = { n, via, sql, parameters, unsureEncoding, escaped }
    if (again) started.again = again
    this.#events.started(started)
    return { n, via, sentAt: this.#events.now(), rows: 0, tagged: null, tag: undefined, failure: undefined, bytes: 0 }
  }

  /** Something of an answer, or of what is copied in, went by. */
  passed(rows: number, bytes: number): void {
    this.#rows += rows
    this.#bytes += bytes
  }

  forgetPassed(): void {
    this.#rows = 0
    this.#bytes = 0
  }

  /** What came since the last end belongs to this statement. */
  tally(running: Running, tag: string | undefined): void {
    running.rows += this.#rows
    running.bytes += this.#bytes
    this.forgetPassed()
    if (tag === undefined) return
    running.tag = tag
    const rows = rowsIn(tag)
    if (rows !== undefined) running.tagged = (running.tagged ?? 0) + rows
  }

  finish(running: Running, outcome: StatementEnd['outcome']): void {
    const now = this.#events.now()
    const { n, rows, tagged, tag, failure } = running
    const durationMs = now - Math.max(running.sentAt, this.#lastEnd)
    this.#lastEnd = now
    const end: StatementEnd = { n, durationMs, rows: tagged ?? (rows > 0 ? rows : null), bytes: running.bytes, outcome }
    if (tag !== undefined) end.tag = tag
    if (failure) {
      end.sqlState = failure.sqlState
      end.message = failure.message
    }
    if (outcome === 'ok' && running.via === 'extended') this.batch.add(end)
    else this.#events.ended(end)
  }

  /** It failed, and with it what its batch had done before. */
  fail(running: Running, failure: Failure): void {
    running.failure = failure
    this.batch.takeBack(failure)
    this.finish(running, failure.sqlState === cancelled ? 'cancelled' : 'failed')
  }
}

/** The number that a tag ends with: `SELECT 3`, `INSERT 0 1`. */
function rowsIn(tag: string): number | undefined {
  let rows = 0
  let at = tag.length - 1
  for (let place = 1; at >= 0 && isDigit(tag.charCodeAt(at)); at--, place *= 10) rows += (tag.charCodeAt(at) - zero) * place
  return at < tag.length - 1 && (at < 0 || tag[at] === ' ') ? rows : undefined
}

const zero = 0x30
const isDigit = (code: number): boolean => code >= zero && code <= 0x39
