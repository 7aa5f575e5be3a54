import { type Expected, type Failure, isStatement, type Running } from './expected.ts'
import { Queue } from './queue.ts'
import type { StatementLog } from './statement-log.ts'

const notRun = { sqlState: '25P02', message: 'not run: an earlier statement of the same batch failed' }
const unanswered = { sqlState: 'XX000', message: 'the target did not say how it ended' }

/**
 * What the client sent and the target has not answered. The target answers in order; after an error in the extended protocol
 * it skips everything up to the next Sync, and so does the queue. What does not fit is passed over: the next ReadyForQuery
 * puts both sides on the same step again. PostgreSQL docs, "Message Flow".
 */
export class Answers {
  readonly #log: StatementLog
  readonly #expected = new Queue<Expected>()
  /** The target skips until the next Sync, which was not sent yet. */
  #skipping = false
  /** The target takes in copied data, and ignores each Sync meanwhile. */
  #copying = false

  constructor(log: StatementLog) {
    this.#log = log
  }

  get length(): number {
    return this.#expected.length
  }

  /** All that was sent is answered, so that what it left behind is known; `lost`: it will not be, or nothing more is done before the next Sync. */
  get settled(): boolean | 'lost' {
    if (this.#copying || this.#skipping) return 'lost'
    return this.front() === undefined
  }

  /** A statement was sent whose end was not seen. */
  get busy(): boolean {
    return this.#expected.find(isStatement) >= 0
  }

  /** The session is over: what runs is cut. */
  end(): void {
    for (let item = this.#expected.shift(); item; item = this.#expected.shift())
      if (isStatement(item)) this.#log.finish(item.running, item.running.failure ? 'failed' : 'cut')
    this.#log.batch.cut()
  }

  /** What the client sent. While the target skips, nothing of it is answered or done. */
  sent(item: Expected): void {
    if (this.#skipping) this.#skip(item)
    else this.#expected.push(item)
  }

  /** `moment`: which portals there were. */
  synced(moment: number): void {
    if (this.#copying) return
    this.#skipping = false
    this.#expected.push({ kind: 'sync', moment })
  }

  /** The client ended what it copies in. */
  copied(): void {
    if (!this.#copying) this.#expected.push({ kind: 'copied' })
    this.#copying = false
  }

  /** What the target is at. */
  front(): Expected | undefined {
    while (this.#expected.first?.kind === 'copied') this.#expected.shift()
    return this.#expected.first
  }

  /** The target described what it is at. */
  described(): void {
    if (this.front()?.kind === 'describe') this.#expected.shift()
  }

  /** A message was answered; a statement is never passed over on the way to it. */
  took(kind: Expected['kind']): void {
    const place = this.#expected.find((item) => item.kind === kind || isStatement(item))
    for (let i = 0; i < place; i++) this.#expected.shift()
    if (this.#expected.first?.kind === kind) this.#expected.shift()
  }

  /** One command is done, and the statement with it if it is one of the extended protocol. */
  completed(tag: string): void {
    while (this.#expected.length > 0) {
      const item = this.front()
      if (item && isStatement(item)) {
        this.#log.tally(item.running, tag)
        // a text of several commands, and a function call, end with ReadyForQuery
        if (item.kind !== 'execute') return
        this.#expected.shift()
        this.#log.finish(item.running, 'ok')
        return
      }
      this.#expected.shift()
    }
    this.#log.forgetPassed()
  }

  /** Why policy refused what the target is at, where it did. */
  get refused(): Failure | undefined {
    const item = this.front()
    return item && 'refused' in item ? item.refused : undefined
  }

  failed(said: Failure): void {
    this.#copying = false
    const item = this.front()
    const failure = this.refused ?? said
    // nothing runs: the server says goodbye
    if (!item) return
    // the transaction failed as the Sync ended it
    if (item.kind === 'sync') {
      this.#log.batch.takeBack(failure)
      return
    }
    if (item.kind === 'query' || item.kind === 'function') {
      item.running.failure = failure
      this.#log.tally(item.running, undefined)
      return
    }
    this.#expected.shift()
    const running = item.kind === 'execute' ? item.running : 'begin' in item ? item.begin() : undefined
    if (running) {
      this.#log.tally(running, undefined)
      this.#log.fail(running, failure)
    } else this.#log.batch.takeBack(failure)
    const skipped: Expected[] = []
    while (this.#expected.length > 0 && this.#expected.first?.kind !== 'sync') skipped.push(this.#expected.shift() as Expected)
    // names are put back last first, statements end in their order
    for (const one of [item, ...skipped].toReversed()) if ('undo' in one) one.undo()
    for (const one of skipped) if (isStatement(one)) this.#skip(one)
    this.#skipping = this.#expected.length === 0
  }

  /** ReadyForQuery. Gives the moment before which portals are gone, where the transaction is over. */
  ready(idle: boolean): number | undefined {
    let moment: number | undefined
    while (this.#expected.length > 0) {
      const item = this.#expected.shift() as Expected
      if (item.kind === 'sync') {
        if (idle) moment = item.moment
        break
      }
      if (item.kind === 'query' || item.kind === 'function') {
        this.#settle(item.running)
        break
      }
      if (isStatement(item)) this.#log.fail(item.running, unanswered)
    }
    this.#log.batch.ready(idle)
    this.#log.forgetPassed()
    return moment
  }

  #settle(running: Running): void {
    this.#log.tally(running, undefined)
    if (running.failure) this.#log.fail(running, running.failure)
    else this.#log.finish(running, 'ok')
  }

  /** Each Sync that was sent before the data is ignored: PostgreSQL docs, "COPY Operations". */
  copyBegins(): void {
    this.#copying = this.#expected.find((item) => item.kind === 'copied') < 0
    this.#expected.removeUntil(
      (item) => item.kind === 'copied',
      (item) => item.kind === 'sync',
    )
  }

  #skip(item: Expected): void {
    if ('undo' in item) item.undo()
    if (!isStatement(item)) return
    item.running.failure ??= notRun
    this.#log.finish(item.running, 'failed')
  }
}
