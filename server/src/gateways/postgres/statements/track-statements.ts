import {
  type MessageSink,
  readBind,
  readErrorFields,
  readNamed,
  readParse,
  readText,
  readTypes,
  showParameter,
} from '../../../protocols/postgres/index.ts'
import type { StatementEnd, StatementStart } from '../../contract.ts'
import { type Expected, Queue, type Running } from './expected.ts'
import { Names, type Portal, type Prepared } from './names.ts'

export interface StatementEvents {
  /** Called before the message that holds the statement is passed on. */
  started(statement: StatementStart): void
  ended(end: StatementEnd): void
  /** Milliseconds, monotonic. */
  now(): number
}

/** Of a statement's text and of all values of one Bind together. What is longer is recorded as truncated. */
export const longestText = 1024 * 1024
const longestName = 4096
const longestReport = 8192
const longestMessage = 2000
/** Beyond it a client has prepared more than anyone remembers: see `overflowing`. */
const mostRemembered = 64 * 1024 * 1024
/** Unanswered messages beyond which the client is held back, and below which it goes on. */
const crowd = { most: 10_000, least: 5_000 }

const notRun = { sqlState: '25P02', message: 'not run: an earlier statement of the same batch failed' }
const unanswered = { sqlState: 'XX000', message: 'the target did not say how it ended' }
const cancelled = '57014'
const letter = (text: string): number => text.charCodeAt(0)

/**
 * Follows both directions of a session and says which statements began and how they ended: PostgreSQL docs, "Message Flow".
 * The target answers in order, so what the client sent waits in a queue; after an error in the extended protocol the target
 * skips everything up to the next Sync, and so does the queue. What does not fit is passed over: the next ReadyForQuery
 * puts both sides on the same step again.
 */
export class StatementTracker {
  readonly #events: StatementEvents
  readonly #expected = new Queue<Expected>()
  readonly #prepared = new Names<Prepared>()
  readonly #portals = new Names<Portal>()
  #count = 0
  /** When the statement before ended: one that was sent ahead begins only then. */
  #lastEnd = 0
  #rows = 0
  #bytes = 0
  /** The target skips until the next Sync, which was not sent yet. */
  #skipping = false
  /** The target takes in copied data, and ignores each Sync meanwhile. */
  #copying = false
  #crowded = false

  constructor(events: StatementEvents) {
    this.#events = events
  }

  /** True while so much waits for its answer that the client should be held back. */
  get crowded(): boolean {
    this.#crowded = this.#expected.length > (this.#crowded ? crowd.least : crowd.most)
    return this.#crowded
  }

  /** True when a statement was sent whose end was not seen. */
  get busy(): boolean {
    return this.#expected.find(isStatement) >= 0
  }

  /** More is prepared than can be remembered, so that a later statement could not be recorded. */
  get overflowing(): boolean {
    return this.#prepared.size + this.#portals.size > mostRemembered
  }

  /** The session is over: what runs is cut. */
  end(): void {
    for (let item = this.#expected.shift(); item; item = this.#expected.shift())
      if (isStatement(item)) this.#finish(item.running, item.running.failure ? 'failed' : 'cut')
  }

  readonly fromPerson: MessageSink = {
    begin: (type, length) => {
      switch (type) {
        case letter('Q'):
        case letter('P'):
        case letter('B'):
          return longestText
        case letter('E'):
        case letter('C'):
        case letter('D'):
          return longestName
        case letter('F'):
          return 4
        case letter('S'):
          this.#synced()
          return 0
        case letter('d'):
          this.#bytes += length
          return 0
        case letter('c'):
        case letter('f'):
          if (!this.#copying) this.#expected.push({ kind: 'copied' })
          this.#copying = false
          return 0
        default:
          return 0
      }
    },
    collected: (type, body, length) => {
      switch (type) {
        case letter('Q'):
          return this.#sent({ kind: 'query', running: this.#begin('simple', readText(body), length > body.length, []) })
        case letter('F'):
          return this.#sent({
            kind: 'function',
            running: this.#begin('simple', `function call ${body.length === 4 ? body.readUInt32BE(0) : ''}`, false, []),
          })
        case letter('P'):
          return this.#parse(body, length)
        case letter('B'):
          return this.#bind(body)
        case letter('E'):
          return this.#execute(readText(body))
        case letter('D'):
          return this.#describe(body)
        case letter('C'):
          return this.#close(body)
      }
    },
  }

  readonly fromTarget: MessageSink = {
    begin: (type, length) => {
      switch (type) {
        case letter('D'):
        case letter('d'):
          this.#rows += 1
          this.#bytes += length
          return 0
        case letter('1'):
          this.#take('parse')
          return 0
        case letter('2'):
          this.#take('bind')
          return 0
        case letter('3'):
          this.#take('close')
          return 0
        case letter('T'):
        case letter('n'):
          if (this.#front()?.kind === 'describe') this.#expected.shift()
          return 0
        case letter('t'):
          return longestName
        case letter('C'):
          return 64
        case letter('I'):
          this.#completed('')
          return 0
        case letter('s'):
          this.#completed('PORTAL SUSPENDED')
          return 0
        case letter('V'):
          this.#bytes += length
          this.#completed('FUNCTION CALL')
          return 0
        case letter('G'):
          this.#copyBegins()
          return 0
        case letter('E'):
          return longestReport
        case letter('Z'):
          return 1
        default:
          return 0
      }
    },
    collected: (type, body) => {
      switch (type) {
        case letter('C'):
          return this.#completed(readText(body))
        case letter('E'):
          return this.#failed(body)
        case letter('Z'):
          return this.#ready(body[0] === letter('I'))
        case letter('t'): {
          const item = this.#front()
          if (item?.kind === 'describe') item.learn?.(readTypes(body))
        }
      }
    },
  }

  #begin(via: StatementStart['via'], sql: string, truncated: boolean, parameters: Portal['parameters']): Running {
    const n = ++this.#count
    this.#events.started({ n, via, sql, truncated, parameters })
    return { n, sentAt: this.#events.now(), rows: 0, tagged: null, tag: undefined, failure: undefined, bytes: 0 }
  }

  #finish(running: Running, outcome: StatementEnd['outcome']): void {
    const now = this.#events.now()
    const { n, rows, tagged, tag, failure } = running
    const durationMs = now - Math.max(running.sentAt, this.#lastEnd)
    this.#lastEnd = now
    this.#events.ended({
      ...{ n, durationMs, rows: tagged ?? (rows > 0 ? rows : null), bytes: running.bytes, outcome },
      ...(tag !== undefined && { tag }),
      ...(failure && { sqlState: failure.sqlState, message: failure.message }),
    })
  }

  /** What the client sent. While the target skips, nothing of it is answered or done. */
  #sent(item: Expected): void {
    if (this.#skipping) this.#skip(item)
    else this.#expected.push(item)
  }

  #skip(item: Expected): void {
    if ('undo' in item) item.undo()
    if (!isStatement(item)) return
    item.running.failure ??= notRun
    this.#finish(item.running, 'failed')
  }

  #synced(): void {
    if (this.#copying) return
    this.#skipping = false
    this.#expected.push({ kind: 'sync', moment: this.#portals.moment })
  }

  #parse(body: Buffer, length: number): void {
    const parsed = readParse(body)
    const { name, sql, whole, types } = parsed ?? { name: '', sql: '(a Parse message that cannot be read)', whole: true, types: [] }
    const truncated = !whole && length > body.length
    const undo = this.#prepared.set(name, { sql, truncated, types })
    this.#sent({ kind: 'parse', undo, begin: () => this.#begin('extended', sql, truncated, []) })
  }

  #bind(body: Buffer): void {
    const bound = readBind(body)
    const statement = bound?.statement ?? ''
    const prepared = this.#prepared.get(statement)
    const portal: Portal = {
      sql: prepared?.sql ?? `(prepared statement "${statement.slice(0, 64)}", which was not prepared by the extended protocol)`,
      truncated: prepared?.truncated ?? false,
      parameters: (bound?.values ?? []).map((value, i) => {
        if (value === undefined) return '… (too long to be recorded)'
        return value && showParameter(value.bytes, value.length, value.binary, prepared?.types[i] ?? 0)
      }),
    }
    const undo = this.#portals.set(bound?.portal ?? '', portal)
    this.#sent({ kind: 'bind', undo, begin: () => this.#begin('extended', portal.sql, portal.truncated, portal.parameters) })
  }

  #execute(name: string): void {
    const portal = this.#portals.get(name)
    const sql = portal?.sql ?? `(portal "${name.slice(0, 64)}", which was not bound by the extended protocol)`
    this.#sent({ kind: 'execute', running: this.#begin('extended', sql, portal?.truncated ?? false, portal?.parameters ?? []) })
  }

  #describe(body: Buffer): void {
    const { statement, name } = readNamed(body)
    const prepared = statement ? this.#prepared.get(name) : undefined
    this.#sent({
      kind: 'describe',
      learn:
        prepared &&
        ((types) => {
          prepared.types = types
        }),
    })
  }

  #close(body: Buffer): void {
    const { statement, name } = readNamed(body)
    this.#sent({ kind: 'close', undo: (statement ? this.#prepared : this.#portals).delete(name) })
  }

  /** What the target is at. */
  #front(): Expected | undefined {
    while (this.#expected.first?.kind === 'copied') this.#expected.shift()
    return this.#expected.first
  }

  /** A message was answered; a statement is never passed over on the way to it. */
  #take(kind: Expected['kind']): void {
    const place = this.#expected.find((item) => item.kind === kind || isStatement(item))
    for (let i = 0; i < place; i++) this.#expected.shift()
    if (this.#expected.first?.kind === kind) this.#expected.shift()
  }

  /** One command is done, and the statement with it if it is one of the extended protocol. */
  #completed(tag: string): void {
    while (this.#expected.length > 0) {
      const item = this.#front()
      if (item && isStatement(item)) {
        this.#tally(item.running, tag)
        // a text of several commands, and a function call, end with ReadyForQuery
        if (item.kind !== 'execute') return
        this.#expected.shift()
        this.#finish(item.running, 'ok')
        return
      }
      this.#expected.shift()
    }
    this.#rows = 0
    this.#bytes = 0
  }

  /** What came since the last end belongs to this statement. */
  #tally(running: Running, tag: string | undefined): void {
    running.rows += this.#rows
    running.bytes += this.#bytes
    this.#rows = 0
    this.#bytes = 0
    if (tag === undefined) return
    running.tag = tag
    const rows = /(?:^| )(\d+)$/.exec(tag)?.[1]
    if (rows !== undefined) running.tagged = (running.tagged ?? 0) + Number(rows)
  }

  #failed(body: Buffer): void {
    this.#copying = false
    const { sqlState, message } = readErrorFields(body)
    const failure = { sqlState, message: message.slice(0, longestMessage) }
    const item = this.#front()
    // nothing runs (the server says goodbye), or the transaction failed as the Sync ended it
    if (!item || item.kind === 'sync') return
    if (item.kind === 'query' || item.kind === 'function') {
      item.running.failure = failure
      this.#tally(item.running, undefined)
      return
    }
    this.#expected.shift()
    const running = item.kind === 'execute' ? item.running : 'begin' in item ? item.begin() : undefined
    if (running) {
      running.failure = failure
      this.#tally(running, undefined)
      this.#finish(running, sqlState === cancelled ? 'cancelled' : 'failed')
    }
    const skipped: Expected[] = []
    while (this.#expected.length > 0 && this.#expected.first?.kind !== 'sync') skipped.push(this.#expected.shift() as Expected)
    // names are put back last first, statements end in their order
    for (const one of [item, ...skipped].toReversed()) if ('undo' in one) one.undo()
    for (const one of skipped) if (isStatement(one)) this.#skip(one)
    this.#skipping = this.#expected.length === 0
  }

  #ready(idle: boolean): void {
    while (this.#expected.length > 0) {
      const item = this.#expected.shift() as Expected
      if (item.kind === 'sync') {
        if (idle) this.#portals.forget(item.moment)
        break
      }
      if (item.kind === 'query' || item.kind === 'function') {
        this.#tally(item.running, undefined)
        const { failure } = item.running
        this.#finish(item.running, failure ? (failure.sqlState === cancelled ? 'cancelled' : 'failed') : 'ok')
        break
      }
      if (isStatement(item)) {
        item.running.failure = unanswered
        this.#finish(item.running, 'failed')
      }
    }
    this.#rows = 0
    this.#bytes = 0
  }

  /** Each Sync that was sent before the data is ignored: PostgreSQL docs, "COPY Operations". */
  #copyBegins(): void {
    this.#copying = this.#expected.find((item) => item.kind === 'copied') < 0
    this.#expected.removeUntil(
      (item) => item.kind === 'copied',
      (item) => item.kind === 'sync',
    )
  }
}

function isStatement(item: Expected): item is Extract<Expected, { running: Running }> {
  return item.kind === 'query' || item.kind === 'execute' || item.kind === 'function'
}
