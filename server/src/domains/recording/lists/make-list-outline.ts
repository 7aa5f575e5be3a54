import { setImmediate as breathe } from 'node:timers/promises'
import type { Block } from '../../../protocols/recording/index.ts'
import type { RecordedFrame } from '../open-frames.ts'
import type { RecordingReader } from '../recording-reader.ts'
import type { ListKind, ListOutline, ListStretch } from './list-outline.ts'

const blockWorth = 256
const frameWorth = 64
/** What sealed bytes are worth, for a stretch of which nobody counted the frames. */
const sealedWorth = 4
interface Stretches {
  /** One is over when it is worth so much: bytes of statements, and what it takes to open a block or read a frame beside them. */
  worth: number
  /** More than this become half as many, twice as long. */
  most: number
}
const stretches: Stretches = { worth: 256 * 1024, most: 1024 }
const nothing = '00'.repeat(32)
/** So long nothing else gets to run, in milliseconds. */
const stepMs = 10

type Blocks = AsyncIterable<{ block: Block | undefined; frames: readonly RecordedFrame[] }>

/** Reads a recording of statements or files to its end. What the outline is worth, the reader's verdict says afterwards. */
export async function makeListOutline(reader: RecordingReader, kind: ListKind, of = stretches): Promise<ListOutline> {
  const { recording } = reader.facts
  const nothingYet = { recording, kind, bytes: 0, head: nothing, chunks: 0, segments: [], stretches: [], total: 0 }
  return await outlineOf(reader.blocks(), nothingYet, of)
}

/** The outline of what was read before, and of these blocks behind it. */
export async function outlineOf(blocks: Blocks, before: ListOutline, of = stretches): Promise<ListOutline> {
  const maker = new ListOutlineMaker(before, of)
  let since = performance.now()
  for await (const { block, frames } of blocks) {
    if (block) maker.take(block, frames)
    if (performance.now() - since < stepMs) continue
    await breathe()
    since = performance.now()
  }
  return maker.made
}

class ListOutlineMaker {
  readonly made: ListOutline
  /** Of the last stretch. */
  #late: Set<number>
  #worth: number
  #enough: number
  readonly #most: number

  constructor(before: ListOutline, { worth, most }: Stretches) {
    this.made = { ...before, segments: [...before.segments], stretches: [...before.stretches] }
    const last = before.stretches.at(-1)
    this.#late = new Set(last?.late)
    this.#worth = last ? (last.to - last.from) * sealedWorth : 0
    this.#enough = worth
    this.#most = most
  }

  take(block: Block, frames: readonly RecordedFrame[]): void {
    const { made } = this
    if (made.stretches.length === 0 || this.#worth >= this.#enough) this.#begin(block)
    const stretch = made.stretches.at(-1) as ListStretch
    if (block.what === 'header') {
      const { facts, segment, salt, compression } = block.header
      made.segments.push({ n: segment, salt: Buffer.from(salt).toString('hex'), compression, started: Date.parse(facts.started) * 1000 })
    } else made.chunks += 1
    this.#worth += blockWorth
    for (const frame of frames) this.#frame(frame, stretch)
    made.bytes = block.to
    made.head = block.hash.toString('hex')
    made.stretches[made.stretches.length - 1] = { ...stretch, to: block.to, after: made.head, late: [...this.#late] }
  }

  #begin(block: Block): void {
    const { made } = this
    if (made.stretches.length >= this.#most) {
      this.#enough *= 2
      made.stretches = made.stretches.flatMap((one, n, all) => (n % 2 === 0 ? [joined(one, all[n + 1])] : []))
    }
    this.#worth = 0
    this.#late = new Set()
    made.stretches.push({
      ...{ from: block.from, to: block.to, before: made.head, after: '', chunk: made.chunks, first: made.total + 1, late: [] },
    })
  }

  #frame(frame: RecordedFrame, { first }: ListStretch): void {
    const n = numberOf(frame, this.made.kind)
    if (n === undefined) return
    this.#worth += frameWorth + worthOf(frame)
    if (n < first) this.#late.add(n)
    else this.made.total = Math.max(this.made.total, n)
  }
}

function worthOf(frame: RecordedFrame): number {
  if (frame.kind === 'statement') return frame.content.length
  if (frame.kind === 'statement_more') return frame.bytes.length
  if (frame.kind !== 'result' || !frame.row) return 0
  let worth = 0
  for (const value of frame.row) worth += value?.length ?? 0
  return worth
}

const numbered: Readonly<Record<ListKind, ReadonlySet<RecordedFrame['kind']>>> = {
  sql: new Set(['statement', 'statement_more', 'result', 'statement_end']),
  files: new Set(['file']),
}
/** Which statement or file a frame is about: a statement may send a file, and each has numbers of its own. */
export const numberOf = (frame: RecordedFrame, kind: ListKind): number | undefined =>
  numbered[kind].has(frame.kind) && 'n' in frame ? frame.n : undefined

const joined = (one: ListStretch, next: ListStretch | undefined): ListStretch =>
  next ? { ...one, to: next.to, after: next.after, late: [...new Set([...one.late, ...next.late.filter((n) => n < one.first)])] } : one
