import { type MessageSink, readBind } from '../../../protocols/postgres/index.ts'
import type { KeptResults } from '../../door/sql/kept-results.ts'
import { Answers } from './answers.ts'
import { ClientText } from './client-text.ts'
import type { Failure } from './expected.ts'
import { fromPerson, type Judged, showValues } from './from-person.ts'
import { fromTarget } from './from-target.ts'
import { KeptRows } from './kept-rows.ts'
import { Names, type Portal, type Prepared } from './names.ts'
import { type StatementEvents, StatementLog } from './statement-log.ts'

/** Beyond it a client has prepared more than anyone remembers: see `overflowing`. */
const mostRemembered = 64 * 1024 * 1024
/** Unanswered messages beyond which the client is held back, and below which it goes on. */
const crowd = { most: 10_000, least: 5_000 }

const unjudged: Judged = {}

/** Follows both directions of a session and says which statements began, before they are passed on, and how they ended. */
export class StatementTracker {
  readonly fromPerson: MessageSink
  readonly fromTarget: MessageSink
  readonly #answers: Answers
  readonly #prepared = new Names<Prepared>()
  readonly #portals = new Names<Portal>()
  readonly #text = new ClientText()
  #judged: Judged = unjudged
  #crowded = false
  #refusal: string | undefined

  /** `settings`: what the target reported at the login. */
  constructor(
    events: StatementEvents,
    settings: Iterable<readonly [name: string, value: string]> = [],
    error: (refused: Failure | undefined) => void = () => {},
    kept?: KeptResults,
  ) {
    const log = new StatementLog(events)
    const text = this.#text
    const answers = new Answers(log)
    this.#answers = answers
    const portals = this.#portals
    for (const [name, value] of settings) text.reported(name, value)
    const refuse = (sentence: string) => {
      this.#refusal ??= sentence
    }
    const rows = kept && new KeptRows(kept, text)
    this.fromPerson = fromPerson({
      log,
      answers,
      text,
      prepared: this.#prepared,
      portals,
      refuse,
      judged: () => this.#judged,
      keepsRows: rows !== undefined,
    })
    this.fromTarget = fromTarget({ log, answers, text, portals, rows, error })
  }

  /** What is scanned meanwhile does not reach the target, or is asked about each time. */
  whileJudged<T>(judged: Judged, scan: () => T): T {
    this.#judged = judged
    try {
      return scan()
    } finally {
      this.#judged = unjudged
    }
  }

  get settled(): boolean | 'lost' {
    return this.#answers.settled
  }

  /** The prepared statement that a Bind is about to run, where it is asked about each time; true where nothing is. While all is settled. */
  bound(body: Buffer): { sql: string; sure: boolean; values: readonly (string | null)[] } | true {
    const bind = readBind(body)
    const of = this.#prepared.get(bind?.statement ?? '')
    // a name of which nothing is known may mean anything
    if (!bind || !of) return { sql: '', sure: false, values: [] }
    if (!of.each) return true
    const { parameters: values, unsureEncoding, escaped } = showValues(this.#text, bind.values, of.types)
    return { sql: of.text.sql, sure: !unsureEncoding && !escaped && !of.text.unsureEncoding && !of.text.escaped, values }
  }

  /** A text as it stands now. `sure`: whatever runs at this moment, the target reads it alike. */
  read(sql: Buffer): { text: string; sure: boolean } {
    const { text, unsureEncoding, escaped } = this.#text.read(sql)
    return { text, sure: !unsureEncoding && !escaped && (this.#text.plainStrings || !text.includes('\\')) }
  }

  /** Why nothing more may pass to the target, not even what was scanned last; for the client. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** True while so much waits for its answer that the client should be held back. */
  get crowded(): boolean {
    this.#crowded = this.#answers.length > (this.#crowded ? crowd.least : crowd.most)
    return this.#crowded
  }

  /** True when a statement was sent whose end was not seen. */
  get busy(): boolean {
    return this.#answers.busy
  }

  /** More is prepared than can be remembered, so that a later statement could not be recorded. */
  get overflowing(): boolean {
    return this.#prepared.size + this.#portals.size > mostRemembered
  }

  /** The session is over: what runs is cut. */
  end(): void {
    this.#answers.end()
  }
}
