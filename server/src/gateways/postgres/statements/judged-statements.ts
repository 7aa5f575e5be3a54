import { clientSays, queryMessage, readParse, readQuery } from '../../../protocols/postgres/index.ts'
import type { JudgeQuery, QueryAsked, Refusal } from '../../contract.ts'
import { unlessTakenBack } from '../../door/sql/unless-taken-back.ts'
import { longestStatement } from './from-person.ts'
import type { StatementTracker } from './track-statements.ts'

/*
 * A statement that somebody else is asked about each time is prepared like any other, and held where it gets its values: what is bound can be run once, and not
 * with others. What its name means has to be known for sure then. So a Bind waits until the target has answered all that came before it, for which it is sent a
 * Flush; behind an error, up to the next Sync, it is put aside for something that fails, which the target passes over.
 */

/** What reaches the target in place of what was refused: it fails there, so that its transaction and its pipeline fail as they do with any error. */
const instead = 'REFUSED BY POLICY'
/** Under which name; nothing that fails is kept. */
const aside = 'refused'
const headerBytes = 5
const flush = Buffer.from([0x48, 0, 0, 0, 4])
const notKnown: Refusal = {
  code: 'session.not_judged',
  say: 'Something before this failed or is not over, and so nobody could be asked about it. It was not done.',
}

export interface JudgedDeps {
  judge: JudgeQuery
  /** Looked at as what the client said; false where it is no message. `refused`: why the statement in it does not reach the target; `each`: it is asked about each time that it is run. */
  scan(bytes: Buffer, judged?: { refused?: Refusal; each?: boolean }): boolean
  tracker: Pick<StatementTracker, 'read' | 'bound' | 'settled'>
  tell(sentence: string): void
}

/** Holds each text of statements back until policy has said yes, and puts a statement that fails in the place of what it refuses. */
export class JudgedStatements {
  readonly #deps: JudgedDeps
  #waiting: Buffer = Buffer.alloc(0)
  /** Of a message that passes in pieces: bytes that are still to come. */
  #left = 0
  #verdict: 'yes' | 'each' | Refusal | undefined
  /** Something is prepared that is asked about each time. */
  #each = false
  /** Something waits until all before it is answered; the target was told to answer. */
  #settling: (() => void) | undefined
  asking: Promise<void> | undefined
  #back: AbortController | undefined

  constructor(deps: JudgedDeps) {
    this.#deps = deps
  }

  /** What goes to the target now; undefined when it is no message. */
  fromPerson(chunk: Buffer): Buffer | undefined {
    if (chunk.length > 0) this.#waiting = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, chunk]) : chunk
    const passes: Buffer[] = []
    while (!this.asking) {
      const piece = this.#next()
      if (piece === 'malformed') return undefined
      if (!piece) break
      passes.push(piece)
    }
    return passes.length === 1 ? passes[0] : Buffer.concat(passes)
  }

  /** The target answered something. */
  answered(): undefined {
    const settling = this.#settling
    if (!settling || !this.#deps.tracker.settled) return
    this.#settling = undefined
    this.asking = undefined
    settling()
  }

  #next(): Buffer | 'malformed' | undefined {
    if (this.#left > 0) {
      if (this.#waiting.length === 0) return undefined
      const piece = this.#cut(Math.min(this.#left, this.#waiting.length))
      this.#left -= piece.length
      return this.#deps.scan(piece) ? piece : 'malformed'
    }
    if (this.#waiting.length < headerBytes) return undefined
    const [type, length] = [this.#waiting[0] as number, this.#waiting.readInt32BE(1) - 4]
    if (length < 0) return 'malformed'
    // one that is too long is refused by whoever records it
    const looksAt = holds.has(type) || (type === clientSays.bind && this.#each)
    if (!looksAt || length > longestStatement) return this.#pass(length)
    if (this.#waiting.length < headerBytes + length) return undefined
    return type === clientSays.bind ? this.#bound(length) : this.#judged(type, length)
  }

  #pass(length: number): Buffer | 'malformed' | undefined {
    this.#left = headerBytes + length
    return this.#next()
  }

  #judged(type: number, length: number): Buffer | 'malformed' | undefined {
    const body = this.#waiting.subarray(headerBytes, headerBytes + length)
    if (!this.#verdict) {
      const sql = type === clientSays.query ? readQuery(body) : type === clientSays.parse ? readParse(body)?.sql : undefined
      // a function is called by its number, and a message that cannot be read is refused by the target for another reason
      const { text, sure } = sql ? this.#deps.tracker.read(sql) : { text: '', sure: false }
      return this.#ask({ dialect: 'postgres', sql: text, sure, ...(type === clientSays.parse && { kept: true }) })
    }
    return this.#decided(length, type === clientSays.parse ? parseMessage(readParse(body)?.name ?? '') : queryMessage(instead))
  }

  #bound(length: number): Buffer | 'malformed' | undefined {
    const { tracker, scan } = this.#deps
    if (this.#verdict) return this.#decided(length, parseMessage(aside))
    const { settled } = tracker
    if (!settled) return this.#settle()
    if (settled === 'lost') return scan(this.#cut(headerBytes + length), { refused: notKnown }) ? parseMessage(aside) : 'malformed'
    const held = tracker.bound(this.#waiting.subarray(headerBytes, headerBytes + length))
    return held === true ? this.#pass(length) : this.#ask({ dialect: 'postgres', ...held })
  }

  #settle(): Buffer {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#settling = resolve
    this.asking = promise
    return flush
  }

  #ask(asked: QueryAsked): undefined {
    const { judge, tell } = this.#deps
    const back = new AbortController()
    this.#back = back
    this.asking = judge(asked, { tell, signal: back.signal }).then((said) => {
      const judged = unlessTakenBack(said, back.signal)
      this.#verdict = !judged.ok ? judged.error : judged.value?.each ? 'each' : 'yes'
      this.asking = undefined
      this.#back = undefined
    })
  }

  /** Passes what was asked about, or what fails in its place. */
  #decided(length: number, fails: Buffer): Buffer | 'malformed' {
    const verdict = this.#verdict
    this.#verdict = undefined
    const whole = this.#cut(headerBytes + length)
    const refused = typeof verdict === 'object' ? verdict : undefined
    if (verdict === 'each') this.#each = true
    if (!this.#deps.scan(whole, { ...(refused && { refused }), each: verdict === 'each' })) return 'malformed'
    return refused ? fails : whole
  }

  /** The client wants it no longer. False where nobody is asked about anything. */
  takeBack(): boolean {
    this.#back?.abort()
    return this.#back !== undefined
  }

  #cut(count: number): Buffer {
    const piece = this.#waiting.subarray(0, count)
    this.#waiting = this.#waiting.subarray(count)
    return piece
  }
}

const holds = new Set([clientSays.query, clientSays.parse, clientSays.functionCall])

function parseMessage(name: string): Buffer {
  const body = Buffer.from(`${name}\0${instead}\0\0\0`, 'latin1')
  const header = Buffer.alloc(headerBytes)
  header[0] = clientSays.parse
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}
