import type { Answered } from '../../../protocols/mysql/index.ts'
import type { StatementEnd, StatementStart } from '../../contract.ts'

export interface StatementEvents {
  /** Called before the command that holds the statement is passed on. */
  started(statement: StatementStart): void
  ended(end: StatementEnd): void
  /** Milliseconds, monotonic. */
  now(): number
}

export interface Running {
  n: number
  sentAt: number
}

const interrupted = 1317
const longestMessage = 2000

/** Numbers the statements of a session, and tells how they began and ended. */
export class StatementLog {
  readonly #events: StatementEvents
  #count = 0

  constructor(events: StatementEvents) {
    this.#events = events
  }

  begin(statement: Omit<StatementStart, 'n' | 'dialect'>): Running {
    const n = ++this.#count
    this.#events.started({ n, dialect: 'mysql', ...statement })
    return { n, sentAt: this.#events.now() }
  }

  /** Policy refused it: the target does not hear of it. */
  refused(statement: Pick<StatementStart, 'via' | 'sql' | 'parameters'>, say: string, cancelled: boolean): void {
    const { n } = this.begin({ ...statement, unsureEncoding: false, escaped: false })
    this.#events.ended({
      n,
      durationMs: 0,
      rows: null,
      bytes: 0,
      outcome: cancelled ? 'cancelled' : 'failed',
      sqlState: cancelled ? '70100' : '42000',
      message: say.slice(0, longestMessage),
    })
  }

  /** `cut`: the session ended first. */
  finish({ n, sentAt }: Running, { rows, affected = 0, bytes, error }: Answered, cut = false): void {
    const outcome = cut ? 'cut' : !error ? 'ok' : error.number === interrupted ? 'cancelled' : 'failed'
    this.#events.ended({
      ...{ n, durationMs: this.#events.now() - sentAt, rows: rows + affected, bytes, outcome },
      ...(error && { sqlState: error.sqlState, message: `${error.message.toString('utf8').slice(0, longestMessage)} (${error.number})` }),
    })
  }
}
