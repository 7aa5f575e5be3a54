import { integerAt } from './packet.ts'
import type { PacketSink } from './scan-packets.ts'

/** What the client asked for last, as far as the form of its answer goes. */
export type Asked =
  /**
   * Results as text or binary, one or several; `cursor`: rows may stay with the server until they are fetched. `file`: the statement names one of the
   * client's, and the server may ask for exactly that one before it answers.
   */
  | { kind: 'results'; cursor: boolean; file?: Buffer }
  | { kind: 'prepare' }
  /** Rows of a cursor. */
  | { kind: 'rows' }
  /** Descriptions of columns and nothing else. */
  | { kind: 'columns' }
  /** One packet that says how it went, or one of whatever. */
  | { kind: 'outcome' | 'anything' }

/** How an answer ended. */
export interface Answered {
  /** Rows that came. */
  rows: number
  /** Rows that the server says it touched; undefined where it said nothing of the kind. */
  affected: number | undefined
  /** Of rows. */
  bytes: number
  error?: { number: number; sqlState: string; message: Buffer }
  prepared?: { id: number; parameters: number }
}

const moreResults = 0x0008
const cursorExists = 0x0040
/** More columns than a table or a result can have (4096). */
const mostColumns = 65_535
const longestError = 2_500
/** An EOF_Packet of 4.1 and newer: its mark, warnings and status. */
const eofLength = 5

/** Where rows are kept: asked as they come, and told of those that it wants. */
export interface RowSink {
  /** Another result of the same statement. */
  resultBegins(): void
  wantsColumn(length: number): boolean
  column(body: Buffer): void
  wantsRow(length: number): boolean
  row(body: Buffer): void
}

/** Told that the server asked for the file that the statement names: the client sends it now. */
export type FileAsked = () => void

type State = 'idle' | 'first' | 'file' | 'columns' | 'rows' | 'parameters' | 'prepared columns' | 'fields' | 'outcome' | 'anything'

/**
 * Follows the server's answers packet by packet, as clients do: each counts what a client would count, so that both mean the same by it. A request for
 * a file of the client (LOAD DATA LOCAL) is a part of an answer only where the statement names that file, once, and as the first of it.
 */
export class ResponseReader implements PacketSink {
  readonly #answered: (answer: Answered) => void
  readonly #rows: RowSink | undefined
  readonly #fileAsked: FileAsked | undefined
  /** The file that the server may ask for. */
  #file: Buffer | undefined
  #state: State = 'idle'
  #asked: Asked = { kind: 'outcome' }
  /** Descriptions that are still to come. */
  #columns = 0
  #columnsAfter = 0
  #answer: Answered = fresh()
  /** Why it could not be understood. */
  wrong: string | undefined
  /** It asked for a file of the client that no statement names. */
  demanded = false
  /** The server said an error when nothing was asked: it takes its leave. */
  farewell = false

  constructor(answered: (answer: Answered) => void, rows?: RowSink, fileAsked?: FileAsked) {
    this.#answered = answered
    this.#rows = rows
    this.#fileAsked = fileAsked
  }

  get waits(): boolean {
    return this.#state !== 'idle'
  }

  /** The client's next command goes to the server. */
  expect(asked: Asked): void {
    this.#asked = asked
    this.#file = asked.kind === 'results' ? asked.file : undefined
    this.#answer = fresh()
    this.#state = { results: 'first', prepare: 'first', rows: 'rows', columns: 'fields', outcome: 'outcome', anything: 'anything' }[
      asked.kind
    ] as State
  }

  /** The file is whole: now the server answers, by one packet. */
  fileSent(): void {
    this.#state = 'outcome'
  }

  /** The answer as far as it has come; nothing follows any more. */
  soFar(): Answered {
    return this.#answer
  }

  begin(length: number, first: number): number | undefined {
    if (this.#state === 'file') return first === 0xfb ? this.#demands() : this.#no('it answered before it had the file')
    if (first === 0xff) return Math.min(length, longestError)
    switch (this.#state) {
      case 'rows':
        if (first === 0xfe && length < 9) return length === eofLength ? eofLength : this.#no('an end that is none')
        this.#answer.rows += 1
        this.#answer.bytes += length
        return this.#rows?.wantsRow(length) ? length : 0
      case 'columns':
      case 'parameters':
      case 'prepared columns':
      case 'fields':
        if (first === 0xfe && length < 9) return length === eofLength ? eofLength : this.#no('an end that is none')
        if (first < 0) return this.#no('a column without a description')
        if (this.#state !== 'fields' && this.#columns-- <= 0) return this.#no('more columns than it said')
        return this.#state === 'columns' && this.#rows?.wantsColumn(length) ? length : 0
      case 'first':
        if (first < 0) return this.#no('an empty answer')
        if (first === 0xfb) return length - 1 === this.#file?.length ? length : this.#demands()
        return Math.min(length, 64)
      case 'outcome':
        if (first === 0xfb) return this.#demands()
        if (first !== 0 && !(first === 0xfe && length === eofLength)) return this.#no('an answer of another kind')
        return Math.min(length, 64)
      case 'anything':
        if (first === 0xfb) return this.#demands()
        if (first < 0) return this.#no('an answer of another kind')
        this.#answer.bytes += length
        return Math.min(length, 1)
      default:
        return first === 0xfb ? this.#demands() : this.#no('it spoke without having been asked')
    }
  }

  collected(body: Buffer): boolean {
    if (body[0] === 0xff) return this.#failed(body)
    switch (this.#state) {
      case 'rows':
        if (!isEnd(body)) return this.#keep('row', body)
        return this.#ended(body.readUInt16LE(3))
      case 'columns':
        if (!isEnd(body)) return this.#keep('column', body)
        return this.#columnsEnded(body.readUInt16LE(3))
      case 'parameters':
        if (this.#columns > 0) return this.#wrongly('fewer columns than it said')
        this.#columns = this.#columnsAfter
        if (this.#columns > 0) this.#state = 'prepared columns'
        else this.#done()
        return true
      case 'prepared columns':
        if (this.#columns > 0) return this.#wrongly('fewer columns than it said')
        this.#done()
        return true
      case 'first':
        if (this.#asked.kind === 'prepare') return this.#prepared(body)
        return body[0] === 0xfb ? this.#asksForFile(body) : this.#first(body)
      case 'outcome':
        return body[0] === 0 ? this.#ok(body) : this.#ended(0)
      case 'fields':
      case 'anything':
        this.#done()
        return true
      default:
        return false
    }
  }

  #asksForFile(body: Buffer): boolean {
    if (!this.#file?.equals(body.subarray(1))) return this.#demands() !== undefined
    this.#file = undefined
    this.#state = 'file'
    this.#fileAsked?.()
    return true
  }

  #first(body: Buffer): boolean {
    this.#file = undefined
    if (body[0] === 0) return this.#ok(body)
    const count = integerAt(body, 0)
    if (!count || count.next !== body.length || count.value === 0 || count.value > mostColumns) return this.#wrongly('no number of columns')
    this.#columns = count.value
    this.#rows?.resultBegins()
    this.#state = 'columns'
    return true
  }

  #keep(what: 'row' | 'column', body: Buffer): true {
    this.#rows?.[what](body)
    return true
  }

  #columnsEnded(status: number): boolean {
    if (this.#columns > 0) return this.#wrongly('fewer columns than it said')
    if (!(status & cursorExists)) this.#state = 'rows'
    else if (this.#asked.kind === 'results' && this.#asked.cursor) this.#done()
    else return this.#wrongly('a cursor that nobody asked for')
    return true
  }

  /** COM_STMT_PREPARE_OK: id, columns, parameters. */
  #prepared(body: Buffer): boolean {
    if (body[0] !== 0 || body.length < 12) return this.#wrongly('no prepared statement')
    const columns = body.readUInt16LE(5)
    const parameters = body.readUInt16LE(7)
    this.#answer.prepared = { id: body.readUInt32LE(1), parameters }
    this.#columns = parameters > 0 ? parameters : columns
    this.#columnsAfter = columns
    if (parameters > 0) this.#state = 'parameters'
    else if (columns > 0) this.#state = 'prepared columns'
    else this.#done()
    return true
  }

  #ok(body: Buffer): boolean {
    const affected = integerAt(body, 1)
    const id = affected && integerAt(body, affected.next)
    if (!affected || !id || id.next + 2 > body.length) return this.#wrongly('an outcome that says nothing')
    this.#answer.affected = (this.#answer.affected ?? 0) + affected.value
    return this.#ended(body.readUInt16LE(id.next))
  }

  /** One result is over. */
  #ended(status: number): boolean {
    if (this.#asked.kind === 'results' && status & moreResults) this.#state = 'first'
    else this.#done()
    return true
  }

  #failed(body: Buffer): boolean {
    if (body.length < 3) return this.#wrongly('an error that says nothing')
    if (this.#state === 'idle') {
      this.farewell = true
      return true
    }
    const marked = body[3] === 0x23
    const sqlState = marked ? body.toString('latin1', 4, 9).replace(/[^0-9A-Z]/g, '') : ''
    this.#answer.error = { number: body.readUInt16LE(1), sqlState, message: Buffer.from(body.subarray(marked ? 9 : 3)) }
    this.#done()
    return true
  }

  #done(): void {
    this.#state = 'idle'
    this.#answered(this.#answer)
  }

  #demands(): undefined {
    this.demanded = true
    return this.#no('it asked for a file of the client')
  }

  #no(why: string): undefined {
    this.wrong ??= why
    return undefined
  }

  #wrongly(why: string): false {
    this.wrong ??= why
    return false
  }
}

/** Of what is collected among rows and columns everything else is a row or a column. */
const isEnd = (body: Buffer): boolean => body[0] === 0xfe && body.length === eofLength

const fresh = (): Answered => ({ rows: 0, affected: undefined, bytes: 0 })
