import { type Answered, CommandReader, command, okBody, PacketScanner, packet, ResponseReader } from '../../../protocols/mysql/index.ts'
import { type JudgeQuery, type QueryAsked, type Refusal, takenBack } from '../../contract.ts'
import { KeptResults, type ResultLimits } from '../../door/sql/kept-results.ts'
import { unlessTakenBack } from '../../door/sql/unless-taken-back.ts'
import type { Following, Watch } from '../../door/sql/wire.ts'
import { errorPacket, type SaidError } from '../say.ts'
import { type CommandContext, handleCommand, runAsked } from './handle-command.ts'
import { KeptRows } from './kept-rows.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { SessionText } from './session-text.ts'
import { type Running, StatementLog } from './statement-log.ts'

/** Bytes that may wait for an answer before the client is held back. */
const mostWaiting = 256 * 1024
const nothing = Buffer.alloc(0)
/** As a server says that it is in no transaction: who kills does so on a connection of its own. */
const autocommit = 2
const tooLong = 'A command is less than 16 MiB long here, since each is recorded whole. Send it in parts.'

interface FollowedBy extends Pick<CommandContext, 'kill' | 'takeBack'> {
  collation: number
  judge?: JudgeQuery | undefined
  /** How much of what statements give back is kept. */
  keep?: ResultLimits | undefined
}

interface Judged {
  whole: Buffer
  asked: QueryAsked
  verdict: 'yes' | 'each' | Refusal | undefined
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
  #running: Running | undefined
  /** What the answer means for what is remembered. */
  #then: ((answer: Answered) => void) | undefined
  refusal: string | undefined
  readonly overflowing = false
  terminated = false
  readonly fromTarget: Watch['fromTarget']

  constructor({ recorder, clock, say }: Pick<Following, 'recorder' | 'clock' | 'say'>, { collation, judge, keep, ...ids }: FollowedBy) {
    this.#judge = judge
    this.#say = say
    this.#log = new StatementLog({
      started: (statement) => recorder.statementStarted(statement),
      ended: (end) => recorder.statementEnded(end),
      now: () => clock.monotonic(),
    })
    const text = new SessionText(collation)
    this.#rows = keep && new KeptRows(new KeptResults(keep, (n, read) => recorder.resultPassed(n, read)), text)
    this.#answers = new ResponseReader((answer) => this.#answered(answer), this.#rows)
    this.#scanner = new PacketScanner(this.#answers)
    this.fromTarget = this.#scanner
    this.#context = { log: this.#log, text, prepared: new PreparedStatements(), each: false, ...ids }
  }

  /** The number of the packet that the client expects next. */
  get nextSequence(): number {
    return this.#answers.waits ? this.#scanner.nextSequence : 1
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
    this.#commands.push(chunk)
    return this.#drain()
  }

  next(): Buffer | undefined {
    if (this.#answers.waits || this.asking || this.#commands.size === 0) return undefined
    const bytes = this.#drain()
    if (!bytes) this.refusal ??= 'What came is no message of MySQL. The session ends.'
    return bytes
  }

  takeBack(): boolean {
    this.#back?.abort()
    return this.#back !== undefined
  }

  end(): void {
    if (this.#running) this.#log.finish(this.#running, this.#answers.soFar(), true)
    this.#running = undefined
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

  /** Asks policy about a text of statements, and about the values with which a kept one is run; false while it is asked, and where it says no. */
  #mayPass(whole: Buffer): boolean {
    const judge = this.#judge
    if (!judge) return true
    const { verdict, asked: about } = this.#judged ?? {}
    if (verdict && about) {
      this.#judged = undefined
      this.#context.each = verdict === 'each'
      if (typeof verdict === 'string') return true
      const cancelled = verdict.code === takenBack
      const via = whole[4] === command.query ? 'simple' : 'extended'
      this.#log.refused({ via, sql: about.sql, parameters: about.values ?? [] }, verdict.say, cancelled)
      this.#refuse(cancelled ? 'interrupted' : 'denied', verdict.say)
      return false
    }
    const asked = this.#askedOf(whole)
    if (!asked) return true
    const judged: Judged = { whole, asked, verdict: undefined }
    this.#judged = judged
    const back = new AbortController()
    this.#back = back
    this.asking = judge(asked, { signal: back.signal }).then((answer) => {
      const said = unlessTakenBack(answer, back.signal)
      this.#back = undefined
      judged.verdict = !said.ok ? said.error : said.value?.each ? 'each' : 'yes'
      this.asking = undefined
    })
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
        this.#answers.expect(handled.asked)
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
    if (running) this.#log.finish(running, answer)
  }
}
