import type { ResultPart, StatementEnd, StatementStart } from '../../../gateways/contract.ts'
import type { Happening } from '../frame-queue.ts'
import { Bundles, type Member } from './bundles.ts'
import { type MaskedStatement, sharedMasker } from './masker.ts'
import { ResultFrames } from './result-frame.ts'
import { endFrame, plainStart, type Scrub, startFrames } from './statement-frames.ts'

/** Characters that may wait for the parser before the session is held back. */
const heldBack = 1024 * 1024
/** A longer one is not kept for later. */
const longest = 4096
/** One for all sessions of a process. */
const bundles = new Bundles()

export interface StatementRecorderDeps extends Scrub {
  append(body: Happening): void
  /** Resolves when the disk has kept up; undefined while it does. */
  pressure(): Promise<void> | undefined
  /** Microseconds from the segment's start. */
  now(): number
  /** Something could not be written down. */
  failed(error: unknown): void
}

/** As it was told, and when. */
interface Told {
  start: StatementStart | undefined
  end: StatementEnd | undefined
  result?: { n: number; read: () => ResultPart | undefined }
  at: number
}

/** What is to be written next; undefined until it is known. */
interface Turn {
  frames: Iterator<Happening> | undefined
}

/**
 * Frames of an SQL session in the order in which things happened, though masking takes a statement longer or shorter. Long ones
 * go to the disk as fast as it takes them. What it is told becomes frames a moment later, many at a time, with the moment at which it was told: until
 * then it is in this process's memory, as frames are until their chunk is written.
 */
export class StatementRecorder implements Member {
  readonly #deps: StatementRecorderDeps
  #told: Told[] = []
  readonly #turns: Turn[] = []
  /** Statements that run and whose target may repeat something secret. */
  readonly #delicate = new Set<number>()
  readonly #results: ResultFrames
  #waiting = 0
  /** The disk is waited for. */
  #stalled = false
  #calm: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(deps: StatementRecorderDeps) {
    this.#deps = deps
    this.#results = new ResultFrames(deps)
  }

  started(start: StatementStart): void {
    this.#told.push({ start, end: undefined, at: this.#deps.now() })
    if (sizeOf(start) > longest) this.catchUp()
    else bundles.add(this)
  }

  ended(end: StatementEnd): void {
    this.#told.push({ start: undefined, end, at: this.#deps.now() })
    bundles.add(this)
  }

  resultPassed(n: number, read: () => ResultPart | undefined): void {
    this.#told.push({ start: undefined, end: undefined, result: { n, read }, at: 0 })
    bundles.add(this)
  }

  /** Makes frames of all that it was told. */
  catchUp(): void {
    const told = this.#told
    if (told.length === 0) return
    this.#told = []
    for (const { start, end, result, at } of told) {
      if (start) this.#started(start, at)
      if (result) this.#result(result)
      if (end) this.#ended(end, at)
    }
  }

  failed(error: unknown): void {
    this.#deps.failed(error)
  }

  #started(statement: StatementStart, at: number): void {
    const result = sharedMasker().mask(statement.sql, statement.parameters, statement.dialect)
    if (!(result instanceof Promise) && this.#nothingWaits && this.#writePlain(statement, result, at)) return
    // until the parser has spoken, everything may be secret
    this.#delicate.add(statement.n)
    const size = sizeOf(statement)
    this.#waiting += size
    const turn = this.#takeTurn()
    const settle = (mask: MaskedStatement) => {
      if (!mask.sensitive) this.#delicate.delete(statement.n)
      turn.frames = this.#counted(size, startFrames(statement, mask, at, this.#deps))
      this.#advance()
    }
    if (result instanceof Promise) void result.then(settle)
    else settle(result)
  }

  #ended(end: StatementEnd, at: number): void {
    if (this.#nothingWaits) {
      this.#append(endFrame(end, this.#delicate.delete(end.n), at, this.#deps))
      return
    }
    this.#takeTurn().frames = this.#endFrames(end, at)
    this.#advance()
  }

  #result(result: NonNullable<Told['result']>): void {
    if (this.#nothingWaits) for (const frame of this.#resultFrames(result)) this.#append(frame)
    else {
      this.#takeTurn().frames = this.#resultFrames(result)
      this.#advance()
    }
  }

  /** What a statement that touches something secret gave back is not kept. */
  *#resultFrames({ n, read }: NonNullable<Told['result']>): Generator<Happening> {
    const frame = this.#results.of(n, this.#delicate.has(n) ? undefined : read())
    if (frame) yield frame
  }

  /** Resolves when enough was masked and written; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined {
    if (this.#waiting <= heldBack) return undefined
    this.#calm ??= withEnd(() => {
      this.#calm = undefined
    })
    return this.#calm.promise
  }

  /** Resolves when all of it is on its way to the disk, or when `failed` says that nothing goes there any more. */
  async drain(failed: () => boolean): Promise<void> {
    this.catchUp()
    while (this.#turns.length > 0 && !failed()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  /** What comes is written at once: nothing is before it. */
  get #nothingWaits(): boolean {
    return this.#turns.length === 0 && !this.#stalled
  }

  /** False when it needs more than one frame, or something in it is masked. */
  #writePlain(statement: StatementStart, mask: MaskedStatement, at: number): boolean {
    const frame = plainStart(statement, mask, at, this.#deps)
    if (!frame) return false
    if (mask.sensitive) this.#delicate.add(statement.n)
    this.#append(frame)
    return true
  }

  #append(frame: Happening): void {
    this.#deps.append(frame)
    const pressure = this.#deps.pressure()
    if (pressure) this.#stall(pressure)
  }

  #stall(pressure: Promise<void>): void {
    this.#stalled = true
    void pressure.then(() => {
      this.#stalled = false
      this.#advance()
    })
  }

  #takeTurn(): Turn {
    const turn: Turn = { frames: undefined }
    this.#turns.push(turn)
    return turn
  }

  #advance(): void {
    while (!this.#stalled) {
      const frames = this.#turns[0]?.frames
      if (!frames) return
      const { done, value } = frames.next()
      if (done) this.#turns.shift()
      else this.#append(value)
    }
  }

  *#counted(size: number, frames: Iterable<Happening>): Generator<Happening> {
    yield* frames
    this.#waiting -= size
    if (this.#waiting <= heldBack / 2) this.#calm?.resolve()
  }

  *#endFrames(end: StatementEnd, at: number): Generator<Happening> {
    yield endFrame(end, this.#delicate.delete(end.n), at, this.#deps)
  }
}

function sizeOf({ sql, parameters }: StatementStart): number {
  let size = sql.length
  for (const value of parameters) size += value?.length ?? 0
  return size
}

function withEnd(whenDone: () => void): { promise: Promise<void>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise: promise.then(whenDone), resolve }
}
