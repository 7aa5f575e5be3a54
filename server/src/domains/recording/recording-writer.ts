import type { FileAct, Recorder, ResultPart, StatementEnd, StatementStart } from '../../gateways/contract.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Counts, type Head, type Manifest, noCounts } from '../../protocols/recording/index.ts'
import { type Stored, storedAsIs, storedWithoutCards } from './cards/stored-without-cards.ts'
import { ChunkFile } from './chunk-file.ts'
import { CommandFinder } from './commands.ts'
import { asBuffer, CredentialMasks } from './credential-masks.ts'
import type { RecordingError, RecordingFailure } from './errors.ts'
import { errorName } from './file-source.ts'
import { FrameQueue, type Happening } from './frame-queue.ts'
import { LiveTap } from './live-tap.ts'
import type { ProvenLine } from './proven-input.ts'
import type { RecordingOptions } from './recording-options.ts'
import { findResumePoint, type ResumePoint } from './resume-point.ts'
import { chainStart, SegmentWriter } from './segment-writer.ts'
import { sharedMasker } from './sql/masker.ts'
import { StatementRecorder } from './sql/statement-recorder.ts'
import { TypedInput } from './typed-input.ts'

/** Less than the second that a recording may be behind life, so that writing and syncing fit in, on a busy machine too. */
const flushEvery = 600
/** Where digits wait for those that follow them, before that. */
const flushEveryMasked = 500

/**
 * Writes down one session. Calls return at once; chunks are sealed, written and synced behind them. What cannot be written is
 * told by `onFailure`, and from then on `pressure` never resolves: who waits for it lets nothing more pass unrecorded.
 */
export class RecordingWriter implements Recorder {
  readonly #options: RecordingOptions
  readonly #typed: TypedInput
  readonly #commands: CommandFinder
  readonly #statements: StatementRecorder
  readonly #stored: Stored
  readonly #masks = new CredentialMasks()
  #counts: Counts = noCounts()
  #queue: FrameQueue | undefined
  #live: LiveTap | undefined
  #earlier: ResumePoint | undefined
  #begun = { wall: new Date(0), monotonic: 0 }
  #open = false
  #closing: Promise<Manifest> | undefined
  #failure: RecordingFailure | undefined
  readonly #entered: ((text: string, seconds: number) => void)[] = []
  readonly #failed: ((failure: RecordingFailure) => void)[] = []

  constructor(options: RecordingOptions) {
    this.#options = options
    const { columns, rows } = options.facts
    const sink = { proven: (line: ProvenLine) => this.#proven(line), unproven: (bytes: Uint8Array) => this.#unproven(bytes) }
    const failed = (error: unknown) => this.#fail({ code: 'recording.unwritable', detail: errorName(error) })
    this.#typed = new TypedInput({ sink, columns, rows, failed })
    this.#statements = new StatementRecorder({
      append: (body) => this.#append(body),
      pressure: () => this.#queue?.pressure(),
      now: () => this.#now(),
      scrub: (text) => this.#masks.text(text),
      touches: (bytes) => this.#masks.touches(bytes),
      failed,
    })
    const append = {
      output: (bytes: Uint8Array) => this.#append({ kind: 'output', bytes }),
      unproven: (bytes: Uint8Array) => this.#append({ kind: 'unproven', bytes }),
    }
    this.#stored = options.withoutCards ? storedWithoutCards(append, options.terminal ? columns : undefined) : storedAsIs(append)
    if (options.kind === 'sql') this.#counts.statements = 0
    if (options.kind === 'files') this.#counts.files = 0
    this.#commands = new CommandFinder((entered) => {
      const { enteredAt } = entered
      const text = this.#stored.text(entered.text)
      this.#counts.commands++
      this.#append({ kind: 'command', at: enteredAt, ago: 0, text })
      for (const told of this.#entered) told(text, enteredAt / 1_000_000)
    })
  }

  /** Makes the file and its first header, safe on the disk. Gives the head that the session's intent entry commits to. */
  async start(): Promise<Result<Head, RecordingError>> {
    const { path, facts, keys, clock, resume, compression = 'zstd', command, kind = 'terminal' } = this.#options
    if (this.#queue) throw new Error('a recording starts once')
    if (resume) {
      const point = await findResumePoint(path, keys)
      if (!point.ok) return point
      this.#earlier = point.value
      this.#counts = { ...point.value.counts }
    }
    // what passes is written down within a second: not before who masks it is there
    if (kind === 'sql') await sharedMasker().ready()
    try {
      const file = this.#earlier ? await ChunkFile.resume(path, this.#earlier.bytes) : await ChunkFile.create(path)
      this.#begun = { wall: clock.now(), monotonic: clock.monotonic() }
      const started = this.#begun.wall.toISOString()
      const segment = await SegmentWriter.begin(file, { ...facts, kind, started }, keys, compression, this.#earlier ?? chainStart)
      await segment.sync()
      this.#live = new LiveTap(path, segment, (every) => this.#queue?.hurry(every))
      const beforeFlush = () => this.#beforeFlush()
      this.#queue = new FrameQueue({
        segment,
        now: () => this.#now(),
        every: this.#options.flushEvery ?? (this.#options.withoutCards ? flushEveryMasked : flushEvery),
        beforeFlush,
        failed: (failure) => this.#fail(failure),
      })
    } catch (error) {
      const code = errorName(error)
      return fail({ code: code === 'EEXIST' ? 'recording.exists' : 'recording.unwritable', detail: code })
    }
    this.#open = true
    this.#event(this.#earlier ? `resumed after a torn tail of ${this.#earlier.torn} bytes` : 'opened')
    if (this.#options.withoutCards) this.#event('card_numbers_masked')
    if (command !== undefined) {
      this.#counts.commands++
      this.#append({ kind: 'command', at: this.#now(), ago: 0, text: this.#stored.text(command.slice(0, 8192)) })
    }
    return ok(this.head())
  }

  /**
   * From now on these bytes are masked in the output, should the target echo them, also where a door forgets to; and in what is typed unseen, should
   * the person know them.
   */
  async scrub(credential: Secret): Promise<void> {
    await this.#masks.of(credential)
  }

  output(bytes: Uint8Array): void {
    if (!this.#open) return
    this.#output(this.#masks.output.push(asBuffer(bytes)))
    this.#queue?.wake()
  }

  /** Call it before the target can get the bytes, so that no echo is earlier than its key. */
  input(bytes: Uint8Array): void {
    if (!this.#open) return
    if (this.#options.terminal) this.#typed.input(bytes, this.#now())
    else this.#unproven(bytes)
    this.#queue?.wake()
  }

  resize(columns: number, rows: number): void {
    if (!this.#open) return
    this.#typed.resize(columns, rows)
    this.#stored.resize(columns)
    this.#counts.resizes++
    this.#append({ kind: 'resize', columns, rows })
  }

  statementStarted(statement: StatementStart): void {
    if (!this.#open) return
    this.#counts.statements = (this.#counts.statements ?? 0) + 1
    this.#statements.started(statement)
  }

  statementEnded(end: StatementEnd): void {
    if (this.#open) this.#statements.ended(end)
  }

  resultPassed(n: number, read: () => ResultPart | undefined): void {
    if (this.#open) this.#statements.resultPassed(n, read)
  }

  file(act: FileAct): void {
    if (!this.#open) return
    if (act.outcome === 'open') this.#counts.files = (this.#counts.files ?? 0) + 1
    const { bytes: size, ...what } = act
    this.#append({ kind: 'file', ...what, size })
  }

  /** Something that is no bytes of a stream, as a line of text: a name of `a-z_`, then what there is to say. */
  happened(text: string): void {
    if (!this.#open) return
    this.#statements.catchUp()
    this.#event(this.#stored.text(text.slice(0, 1024)))
  }

  pressure(): Promise<void> | undefined {
    if (this.#failure || this.#closing || !this.#queue) return new Promise(() => {})
    return this.#queue.pressure() ?? this.#statements.pressure()
  }

  /** How far the recording is safe on the disk. */
  head(): Head & { bytes: number } {
    if (!this.#queue) throw new Error('a recording has no head before it starts')
    return { ...this.#queue.safe }
  }

  /**
   * For somebody who watches: the sealed chunks that the viewers' key opens, first the newest of those that are there, then each as it is
   * written, which is sooner while somebody watches. The blocks are shared and must not be changed.
   */
  follow(take: (block: Uint8Array) => void): { past(bytes: number): Promise<Uint8Array[]>; stop(): void } {
    if (!this.#live) throw new Error('a recording is followed after it has started')
    return this.#live.follow(take)
  }

  /** Called for each command that was entered, with the second at which Enter was typed; not for the one that the session began with. */
  onCommand(callback: (text: string, seconds: number) => void): void {
    this.#entered.push(callback)
  }

  /** Bytes of output so far, whether they are written or not. */
  get shown(): number {
    return this.#counts.output
  }

  /** Seconds since it began. */
  elapsed(): number {
    return this.#now() / 1_000_000
  }

  /** Called once, when writing fails, with what failed; the session must end then. Called at once when it has failed already. */
  onFailure(callback: (failure: RecordingFailure) => void): void {
    if (this.#failure) callback(this.#failure)
    else this.#failed.push(callback)
  }

  /**
   * Ends the recording and gives its manifest; again and again the same. Whoever closes has stopped relaying: what comes later is
   * not recorded. After a failure the manifest says `complete: false` and vouches for what is safe.
   */
  close(): Promise<Manifest> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<Manifest> {
    const queue = this.#queue
    if (!queue) throw new Error('a recording ends after it has started')
    this.#output(this.#masks.output.end())
    this.#open = false
    this.#typed.end()
    this.#unseen(this.#masks.unseen.end())
    this.#stored.end()
    await this.#statements.drain(() => this.#failure !== undefined)
    await this.#commands.drain()
    this.#event('ended')
    await queue.end()
    this.#masks.wipe()
    return this.#manifest(queue)
  }

  #manifest(queue: FrameQueue): Manifest {
    const { clock, facts } = this.#options
    const ended = clock.now()
    const started = this.#earlier ? new Date(this.#earlier.started) : this.#begun.wall
    const durations = {
      wall: ended.getTime() - started.getTime(),
      monotonic: Math.round((this.#earlier?.recorded ?? 0) + clock.monotonic() - this.#begun.monotonic),
    }
    return {
      format: 'claviger recording manifest 1',
      recording: facts.recording,
      session: facts.session,
      complete: !this.#failure,
      segments: this.#earlier?.segment ?? 1,
      ...queue.safe,
      started: started.toISOString(),
      ended: ended.toISOString(),
      durations,
      counts: { ...this.#counts },
    }
  }

  #now(): number {
    return Math.max(0, Math.round((this.#options.clock.monotonic() - this.#begun.monotonic) * 1000))
  }

  #output(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#counts.output += bytes.length
    this.#typed.catchUp()
    this.#stored.output(bytes)
    if (this.#options.terminal) this.#typed.output(bytes)
  }

  #proven(line: ProvenLine): void {
    this.#counts.proven += line.bytes.length
    this.#append({ kind: 'input', bytes: this.#stored.proven(line) })
    this.#commands.entered(line)
  }

  #unproven(bytes: Uint8Array): void {
    this.#counts.unproven += bytes.length
    this.#append({ kind: 'hidden', count: bytes.length })
    this.#unseen(this.#masks.unseen.push(asBuffer(bytes)))
  }

  #unseen(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#stored.unproven(bytes)
  }

  /** Lets the recording catch up with life: what the scrubber holds back, and input that is not decided. */
  #beforeFlush(): void {
    this.#statements.catchUp()
    this.#output(this.#masks.output.early())
    this.#typed.catchUp()
    this.#unseen(this.#masks.unseen.early())
    const undecided = this.#typed.undecided((bytes) => this.#masks.alone(bytes))
    if (undecided) this.#append({ kind: 'undecided', position: undecided.position, bytes: this.#stored.undecided(undecided.bytes) })
  }

  #event(text: string): void {
    this.#counts.events++
    this.#append({ kind: 'event', text })
  }

  #append(body: Happening): void {
    this.#queue?.append(body)
  }

  #fail(failure: RecordingFailure): void {
    if (this.#failure) return
    this.#failure = failure
    this.#open = false
    for (const callback of this.#failed.splice(0)) callback(failure)
  }
}
