import { type FrameBody, FrameBuffer, type Head, longestFrame, type Stream, streamOf } from '../../protocols/recording/index.ts'
import type { RecordingFailure } from './errors.ts'
import { errorName } from './file-source.ts'
import type { OpenChunk, SealedBlock, SegmentWriter } from './segment-writer.ts'

const chunkSize = 256 * 1024
/** Above this many bytes on the way to the disk the source is held back, until they are below half of it. */
const heldBack = 2 * 1024 * 1024
/** A source that is not held back by that is stopped. */
const tooMuch = 16 * 1024 * 1024

/**
 * A frame as its writer knows it. Where the frame says how long ago something happened, the writer says when, in the queue's own time, and leaves
 * `ago` to the queue: what lies between is known only when the frame gets its place, and a busy machine may take its time until then.
 */
export type Happening = Placed<FrameBody>
type Placed<B> = B extends { ago: number } ? B & { at: number } : B

export interface FrameQueueOptions {
  segment: SegmentWriter
  /** Microseconds from the segment's start. */
  now(): number
  /** Milliseconds within which a frame is to be safe, where the machine is fast enough. */
  every: number
  /** Called before each flush by time, to append what only waits for one. */
  beforeFlush(): void
  failed(failure: RecordingFailure): void
}

/** A chunk on its way. Several are compressed at a time, on threads of their own; they are sealed in their order. */
interface Packing {
  chunk: OpenChunk
  packed: readonly Uint8Array[] | undefined
  /** Resolves when it is sealed, or never will be. */
  sealed: PromiseWithResolvers<void>
}

/**
 * Frames on their way to the disk: gathered into chunks, which are sealed one after the other. While some are written, the next ones are gathered
 * and sealed; they are synced at most once per flush.
 */
export class FrameQueue {
  readonly #options: FrameQueueOptions
  readonly #buffers: Record<Stream, FrameBuffer> = { viewers: new FrameBuffer(), officers: new FrameBuffer() }
  readonly #packing: Packing[] = []
  #sealing: Generator<undefined, SealedBlock, undefined> | undefined
  #sealsLater = false
  #sealed: SealedBlock[] = []
  #pending = 0
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()
  #working = false
  #settling: Promise<void> = Promise.resolve()
  #stopped = false
  #ending = false
  #flushing = false
  /** What came while a flush took its time has waited for its period by now. */
  #due = false
  /** Milliseconds that flushes took of late, from when they were due. */
  #took = 0
  #safe: Head & { bytes: number }
  #every: number
  #waiting: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(options: FrameQueueOptions) {
    this.#options = options
    this.#every = options.every
    this.#safe = options.segment.head
  }

  /** How far the file is synced. */
  get safe(): Head & { bytes: number } {
    return this.#safe
  }

  /** Copies the bytes. Longer ones than a frame may hold become several frames. */
  append(body: Happening): void {
    if (body.kind !== 'output' && body.kind !== 'input' && body.kind !== 'unproven') return void this.#frame(body)
    for (let from = 0; from < body.bytes.length; from += longestFrame)
      this.#frame({ ...body, bytes: body.bytes.subarray(from, from + longestFrame) })
  }

  #frame(body: Happening): void {
    if (this.#stopped) return
    const stream = streamOf(body.kind)
    const buffer = this.#buffers[stream]
    const before = buffer.length
    const now = this.#options.now()
    if ('at' in body) body.ago = Math.max(0, now - body.at)
    buffer.append(now, body)
    this.#pending += buffer.length - before
    if (this.#pending > tooMuch) this.#stop({ code: 'recording.overrun', detail: `${this.#pending} bytes are waiting` })
    if (buffer.length >= chunkSize) {
      this.#cut(stream)
      this.#write()
    }
    this.wake()
  }

  /**
   * Sees to it that a flush comes. Begun by the first frame and not moved by later ones, nor by a flush that takes long: none waits longer than one
   * period. Where flushes take their time, they begin so much sooner.
   */
  wake(): void {
    if (this.#stopped || this.#ending || this.#timer || this.#due) return
    const waits = Math.max(this.#every / 2, this.#every - this.#took)
    const from = this.#options.now()
    this.#timer = setTimeout(() => this.#flush(from / 1_000 + waits), waits)
  }

  /** From now on what happens is at most so long on its way, in milliseconds; without a number as at the beginning. */
  hurry(every = this.#options.every): void {
    this.#every = every
    if (!this.#timer) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.wake()
  }

  /** Resolves when enough was written; after a failure never. */
  pressure(): Promise<void> | undefined {
    if (this.#pending < heldBack) return undefined
    this.#waiting ??= Promise.withResolvers<void>()
    return this.#waiting.promise
  }

  /** Writes what is left and the final chunk, and closes the file. Never throws: a failure was told. */
  async end(): Promise<void> {
    this.#ending = true
    clearTimeout(this.#timer)
    if (!this.#stopped) {
      if (this.#buffers.officers.length > 0) this.#cut('officers')
      this.#cut('viewers', true)
      this.#write()
      await this.#settle()
    }
    this.#stopped = true
    await this.#work
    await this.#options.segment.close().catch((error) => this.#options.failed({ code: 'recording.unwritable', detail: errorName(error) }))
  }

  /** `dueAt` in milliseconds from the segment's start. */
  #flush(dueAt: number): void {
    this.#due = this.#flushing
    if (!this.#due) {
      this.#flushing = true
      this.#options.beforeFlush()
      for (const stream of ['viewers', 'officers'] as const) if (this.#buffers[stream].length > 0) this.#cut(stream)
      this.#write()
      this.#finishFlush(dueAt)
    }
    // not before: what only waited for a flush is in this one
    this.#timer = undefined
  }

  #finishFlush(dueAt: number): void {
    void this.#settle().then(() => {
      this.#flushing = false
      const now = this.#options.now() / 1_000
      this.#took = Math.max(now - dueAt, this.#took / 2)
      if (this.#due && !this.#stopped && !this.#ending) this.#flush(now)
    })
  }

  #cut(stream: Stream, final = false): void {
    const chunk: OpenChunk = { stream, ...this.#buffers[stream].take(), final }
    const packing: Packing = { chunk, packed: undefined, sealed: Promise.withResolvers<void>() }
    this.#packing.push(packing)
    const packed = this.#options.segment.pack(chunk.plain)
    const goOn = (parts: readonly Uint8Array[]) => {
      packing.packed = parts
      this.#seal()
    }
    if (packed instanceof Promise) packed.then(goOn, (error) => this.#unwritable(error))
    else goOn(packed)
  }

  /** At once, as far as they are packed; a large one in steps, one in each turn of the event loop: each turn has little to do then. */
  #seal(): void {
    if (this.#sealsLater) return
    try {
      for (let next = this.#packing[0]; next?.packed && !this.#stopped; next = this.#packing[0]) {
        this.#sealing ??= this.#options.segment.seal(next.chunk, next.packed)
        const step = this.#sealing.next()
        if (!step.done) {
          this.#sealLater()
          return
        }
        this.#sealing = undefined
        this.#sealed.push(step.value)
        this.#packing.shift()
        next.sealed.resolve()
      }
    } catch (error) {
      this.#unwritable(error)
    }
  }

  #sealLater(): void {
    this.#sealsLater = true
    setImmediate(() => {
      this.#sealsLater = false
      this.#seal()
    })
  }

  #write(): void {
    if (!this.#working) this.#work = this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    this.#working = true
    try {
      while (!this.#stopped && (this.#sealed.length > 0 || this.#packing.length > 0)) {
        if (this.#sealed.length > 0) await this.#append()
        else await this.#packing[0]?.sealed.promise
      }
    } catch (error) {
      this.#unwritable(error)
    } finally {
      // in the same step in which the list was found empty, or a chunk that comes now would wait for the next one
      this.#working = false
    }
  }

  async #append(): Promise<void> {
    const blocks = this.#sealed
    this.#sealed = []
    await this.#options.segment.append(blocks)
    for (const { plainLength } of blocks) this.#pending -= plainLength
    if (!this.#waiting || this.#pending >= heldBack / 2) return
    this.#waiting.resolve()
    this.#waiting = undefined
  }

  /** Waits until all chunks are written, and syncs. One after the other: a slow sync must not take back what a later one made safe. */
  #settle(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#sync())
    return this.#settling
  }

  async #sync(): Promise<void> {
    await this.#work
    const reached = this.#options.segment.head
    if (this.#stopped || reached === this.#safe) return
    try {
      await this.#options.segment.sync()
      this.#safe = reached
    } catch (error) {
      this.#unwritable(error)
    }
  }

  #unwritable(error: unknown): void {
    this.#stop({ code: 'recording.unwritable', detail: errorName(error) })
  }

  #stop(failure: RecordingFailure): void {
    if (this.#stopped) return
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const { sealed } of this.#packing) sealed.resolve()
    this.#options.failed(failure)
  }
}
