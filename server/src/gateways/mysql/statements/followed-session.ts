import { type Answered, CommandReader, command, okBody, PacketScanner, packet, ResponseReader } from '../../../protocols/mysql/index.ts'
import { type JudgeQuery, type QueryAsked, type Refusal, takenBack } from '../../contract.ts'
import { KeptResults, type ResultLimits } from '../../door/sql/kept-results.ts'
import { unlessTakenBack } from '../../door/sql/unless-taken-back.ts'
import type { Following, RefusalIs, Watch } from '../../door/sql/wire.ts'
import { errorPacket, type SaidError } from '../say.ts'
import { type CommandContext, handleCommand, runAsked } from './handle-command.ts'
import { KeptRows } from './kept-rows.ts'
import { type FilesBy, type FileWanted, LocalFiles } from './local-files.ts'
import { PreparedStatements } from './prepared-statements.ts'
import type { NamedFile } from './sent-file.ts'
import { SessionText } from './session-text.ts'
import { type Running, StatementLog } from './statement-log.ts'

/** Bytes that may wait for an answer before the client is held back. */
const mostWaiting = 256 * 1024
const nothing = Buffer.alloc(0)
/** As a server says that it is in no transaction: who kills does so on a connection of its own. */
const autocommit = 2
const sentAhead = 'Something was sent behind a statement that sends a file, before that was asked for. The session ends.'
const tooLong = 'A command is less than 16 MiB long here, since each is recorded whole. Send it in parts.'

interface FollowedBy extends Pick<CommandContext, 'kill' | 'takeBack'> {
  collation: number
  judge?: JudgeQuery | undefined
  /** How much of what statements give back is kept. */
  keep?: ResultLimits | undefined
  files: FilesBy
}

interface Judged {
  whole: Buffer
  asked: QueryAsked | undefined
  wanted: FileWanted | undefined
  verdict: 'yes' | 'each' | NamedFile | Refusal | undefined
}

/**
 * Follows both directions of a session: says which statements began, before they are passed on, and how they ended. A command goes to the target when the
 * one before is answered, so that an answer is never taken for another's.
 */
export class FollowedSession implements Watch {
  readonly #commands = new CommandReader()
  readonly #answers: ResponseReader
  readonly #scanner: PacketScanner
  readonly #rows: KeptRows | undefined
  readonly #log: StatementLog
  readonly #context: CommandContext
  readonly #say: Following['say']
  readonly #judge: JudgeQuery | undefined
  /** The command about which policy was asked, and what it said. */
  #judged: Judged | undefined
  asking: Promise<void> | undefined
  #back: AbortController | undefined
  readonly #files: LocalFiles
  /** Set from when policy lets a file pass until its statement goes to the target. */
  #named: NamedFile | undefined
  /** Something of the answer was given to the client. */
  #told = false
  #running: Running | undefined
  /** What the answer means for what is remembered. */
  #then: ((answer: Answered) => void) | undefined
  refusal: string | undefined
  refusalIs: RefusalIs | undefined
  readonly overflowing = false
  terminated = false
  readonly fromTarget: Watch['fromTarget']

  constructor(
    { recorder, clock, say }: Pick<Following, 'recorder' | 'clock' | 'say'>,
    { collation, judge, keep, files, ...ids }: FollowedBy,
  ) {
    this.#judge = judge
    this.#files = new LocalFiles((act) => recorder.file(act), files)
    this.#say = say
    this.#log = new StatementLog({
      started: (statement) => recorder.statementStarted(statement),
      ended: (end) => recorder.statementEnded(end),
      now: () => clock.monotonic(),
    })
    const text = new SessionText(collation)
    this.#rows = keep && new KeptRows(new KeptResults(keep, (n, read) => recorder.resultPassed(n, read)), text)
    this.#answers = new ResponseReader(
      (answer) => this.#answered(answer),
      this.#rows,
      () => this.#fileAsked(),
    )
    this.#scanner = new PacketScanner(this.#answers)
    this.fromTarget = this.#scanner
    this.#context = { log: this.#log, text, prepared: new PreparedStatements(), each: false, ...ids }
  }

  /** The number of the packet that the client expects next. */
  get nextSequence(): number {
    return this.#files.nextSequence ?? (this.#answers.waits ? this.#scanner.nextSequence : 1)
  }

  get demanded(): Watch['demanded'] {
    return this.#answers.demanded ? { told: this.#told } : undefined
  }

  get busy(): boolean {
    return this.#answers.waits
  }

  get crowded(): boolean {
    return this.#answers.waits && this.#commands.size > mostWaiting
  }

  get farewell(): boolean {
    return this.#answers.farewell
  }

  fromPerson(chunk: Buffer): Buffer | undefined {
    if (this.#files.sending) return this.#sends(chunk)
    this.#commands.push(chunk)
    return this.#drain()
  }

  next(): Buffer | undefined {
    if (this.#answers.waits || this.asking || this.#commands.size === 0) return undefined
    const bytes = this.#drain()
    if (!bytes) this.refusal ??= 'What came is no message of MySQL. The session ends.'
    return bytes
  }

  /** What the target says of a file comes to the client when it is known to be that. */
  shown(bytes: Buffer): Buffer {
    if (!this.#files.holds) {
      this.#told = true
      return bytes
    }
    const shown = this.refusal === undefined ? this.#files.shown(bytes, this.#scanner.between) : nothing
    this.#told ||= shown.length > 0
    return shown
  }

  takeBack(): boolean {
    this.#back?.abort()
    return this.#files.takeBack() || this.#back !== undefined
  }

  end(): void {
    if (this.#running) this.#log.finish(this.#running, this.#answers.soFar(), true)
    this.#running = undefined
    this.#files.cut()
  }

  #sends(chunk: Buffer): Buffer | undefined {
    const sent = this.#files.take(chunk)
    if (!sent) return undefined
    const { out, asking, behind, refused } = sent
    if (asking)
      this.asking ??= asking.then(() => {
        this.asking = undefined
      })
    if (!behind) return out
    if (refused !== undefined) {
      this.refusal = refused
      this.refusalIs = { why: 'refused', detail: 'policy let a file pass no further' }
      return nothing
    }
    this.#answers.fileSent()
    this.#commands.push(behind)
    return out
  }

  #fileAsked(): void {
    // what came ahead and what belongs to the file could not be told apart
    if (this.#commands.size > 0) this.refusal = sentAhead
    else this.#files.begin()
  }

  /** Takes commands until one is to be answered. Undefined when what comes is none. */
  #drain(): Buffer | undefined {
    let out: Buffer = nothing
    while (!this.#answers.waits && !this.asking && !this.terminated && this.refusal === undefined) {
      const taken = this.#judged?.whole ?? this.#commands.take()
      if (taken === undefined) break
      if (taken === 'malformed') return undefined
      if (taken === 'too long') this.#refuse('tooLong', tooLong)
      else if (this.#mayPass(taken)) {
        const passed = this.#handle(taken)
        if (passed) out = out.length === 0 ? passed : Buffer.concat([out, passed])
      }
    }
    return out
  }

  /**
   * Asks policy about a text of statements, about the values with which a kept one is run, and about a file that it would send; false while it is asked, and
   * where the answer is no.
   */
  #mayPass(whole: Buffer): boolean {
    const judged = this.#judged
    if (judged?.verdict) return this.#decided(judged, judged.verdict)
    const wanted = this.#files.wantedBy(whole, this.#context.text)
    if (wanted && 'say' in wanted) {
      this.#log.refused({ via: viaOf(whole), sql: wanted.sql, parameters: [] }, wanted.say, false)
      this.#refuse('notAllowed', wanted.say)
      return false
    }
    const asked = this.#judge && this.#askedOf(whole)
    if (!asked && !wanted) return true
    const asks: Judged = { whole, asked, wanted, verdict: undefined }
    this.#judged = asks
    const back = new AbortController()
    this.#back = back
    this.asking = this.#ask(asks, back.signal).then((verdict) => {
      this.#back = undefined
      asks.verdict = verdict
      this.asking = undefined
    })
    return false
  }

  async #ask({ asked, wanted }: Judged, signal: AbortSignal): Promise<NonNullable<Judged['verdict']>> {
    const said = asked && this.#judge ? unlessTakenBack(await this.#judge(asked, { signal }), signal) : undefined
    if (said && !said.ok) return said.error
    if (!wanted) return said?.value?.each ? 'each' : 'yes'
    const named = unlessTakenBack(await this.#files.judge(wanted, signal), signal)
    return named.ok ? named.value : named.error
  }

  #decided({ whole, asked, wanted }: Judged, verdict: NonNullable<Judged['verdict']>): boolean {
    this.#judged = undefined
    this.#context.each = verdict === 'each'
    this.#named = typeof verdict === 'object' && 'path' in verdict ? verdict : undefined
    if (typeof verdict === 'string' || 'path' in verdict) return true
    const cancelled = verdict.code === takenBack
    const { sql = '', values = [] } = asked ?? { sql: wanted?.sql }
    this.#log.refused({ via: viaOf(whole), sql, parameters: values }, verdict.say, cancelled)
    if (wanted) this.#files.refused(wanted, verdict.say)
    this.#refuse(cancelled ? 'interrupted' : 'denied', verdict.say)
    return false
  }

  #askedOf(whole: Buffer): QueryAsked | undefined {
    const kind = whole[4]
    if (kind === command.execute) {
      const run = runAsked(whole.subarray(4), this.#context)
      return run && { dialect: 'mysql', ...run }
    }
    if (kind !== command.query && kind !== command.prepare) return undefined
    const { text, unsureEncoding, escaped } = this.#context.text.read(whole.subarray(5))
    return { dialect: 'mysql', sql: text, sure: !unsureEncoding && !escaped, ...(kind === command.prepare && { kept: true }) }
  }

  #handle(whole: Buffer): Buffer | undefined {
    const handled = handleCommand(whole, this.#context)
    switch (handled.do) {
      case 'refuse':
        this.#refuse(handled.error, handled.say)
        return undefined
      case 'done':
        this.#say(packet((this.#commands.sequence + 1) & 255, okBody(autocommit, '')))
        return undefined
      case 'end':
        this.refusal = handled.say
        return undefined
      case 'pass':
        this.terminated ||= whole[4] === command.quit
        return whole
      case 'ask':
        this.#running = handled.running
        this.#then = handled.answered
        this.#rows?.begins(handled.running?.n ?? 0, whole[4] !== command.query)
        this.#scanner.restart()
        this.#told = false
        this.#answers.expect(this.#files.expected(handled.asked, this.#named))
        this.#named = undefined
        return handled.instead ?? whole
    }
  }

  #refuse(error: SaidError, sentence: string): void {
    this.#say(errorPacket((this.#commands.sequence + 1) & 255, error, sentence))
  }

  #answered(answer: Answered): void {
    const running = this.#running
    const then = this.#then
    this.#running = undefined
    this.#then = undefined
    then?.(answer)
    this.#files.answered(answer)
    if (running) this.#log.finish(running, answer)
  }
}

const viaOf = (whole: Buffer): 'simple' | 'extended' => (whole[4] === command.query ? 'simple' : 'extended')
