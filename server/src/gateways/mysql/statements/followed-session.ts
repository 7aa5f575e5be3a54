import { type Answered, CommandReader, command, PacketScanner, ResponseReader } from '../../../protocols/mysql/index.ts'
import type { JudgeQuery, Refusal } from '../../contract.ts'
import type { Following, Watch } from '../../door/sql/wire.ts'
import { errorPacket, type SaidError } from '../say.ts'
import { type CommandContext, handleCommand } from './handle-command.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { SessionText } from './session-text.ts'
import { type Running, StatementLog } from './statement-log.ts'

/** Bytes that may wait for an answer before the client is held back. */
const mostWaiting = 256 * 1024
const nothing = Buffer.alloc(0)
const tooLong = 'A command is less than 16 MiB long here, since each is recorded whole. Send it in parts.'

interface Judged {
  whole: Buffer
  verdict: 'yes' | Refusal | undefined
}

/**
 * Follows both directions of a session: says which statements began, before they are passed on, and how they ended. A command goes to the target when the
 * one before is answered, so that an answer is never taken for another's.
 */
export class FollowedSession implements Watch {
  readonly #commands = new CommandReader()
  readonly #answers = new ResponseReader((answer) => this.#answered(answer))
  readonly #scanner = new PacketScanner(this.#answers)
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
  readonly fromTarget: Watch['fromTarget'] = this.#scanner

  constructor(
    { recorder, clock, say }: Pick<Following, 'recorder' | 'clock' | 'say'>,
    { collation, kill, judge }: { collation: number; kill: CommandContext['kill']; judge?: JudgeQuery | undefined },
  ) {
    this.#judge = judge
    this.#say = say
    this.#log = new StatementLog({
      started: (statement) => recorder.statementStarted(statement),
      ended: (end) => recorder.statementEnded(end),
      now: () => clock.monotonic(),
    })
    this.#context = { log: this.#log, text: new SessionText(collation), prepared: new PreparedStatements(), kill }
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

  /** Asks policy about a text of statements; false while it is asked, and where it says no. */
  #mayPass(whole: Buffer): boolean {
    const judge = this.#judge
    if (!judge || (whole[4] !== command.query && whole[4] !== command.prepare)) return true
    const { verdict } = this.#judged ?? {}
    if (verdict) {
      this.#judged = undefined
      if (verdict === 'yes') return true
      const sql = this.#context.text.read(whole.subarray(5)).text
      this.#log.refused({ via: whole[4] === command.query ? 'simple' : 'extended', sql }, verdict.say)
      this.#refuse('denied', verdict.say)
      return false
    }
    const judged: Judged = { whole, verdict: undefined }
    this.#judged = judged
    const { text, unsureEncoding, escaped } = this.#context.text.read(whole.subarray(5))
    const back = new AbortController()
    this.#back = back
    const kept = whole[4] === command.prepare ? ({ kept: true } as const) : {}
    this.asking = judge({ dialect: 'mysql', sql: text, sure: !unsureEncoding && !escaped, ...kept }, { signal: back.signal }).then(
      (said) => {
        this.#back = undefined
        judged.verdict = said.ok ? 'yes' : said.error
        this.asking = undefined
      },
    )
    return false
  }

  #handle(whole: Buffer): Buffer | undefined {
    const handled = handleCommand(whole, this.#context)
    switch (handled.do) {
      case 'refuse':
        this.#refuse(handled.error, handled.say)
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
