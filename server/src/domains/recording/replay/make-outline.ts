import { setImmediate as breathe } from 'node:timers/promises'
import type { Block } from '../../../protocols/recording/index.ts'
import { utf8Decoder } from '../export-asciicast.ts'
import type { RecordedFrame } from '../open-frames.ts'
import type { RecordingReader } from '../recording-reader.ts'
import { cutCharacter } from './cut-character.ts'
import { IdleGaps } from './idle-gaps.ts'
import type { Outline, ReplayScreen, Stretch } from './outline.ts'
import { ReplayTerminal } from './replay-terminal.ts'

/** A stretch is over when it is worth so much: bytes of output, and what it takes to open a block beside them. */
const stretchWorth = 256 * 1024
const blockWorth = 256
/** More stretches than this become half as many, twice as long. */
const mostStretches = 1024
/** Bytes of commands that are listed, and of one of them. */
const listed = { all: 4 * 1024 * 1024, each: 4096 }
/** What the first block of a file says stood before it. */
const nothing = Buffer.alloc(32)
/** So long nothing else gets to run, in milliseconds. */
const stepMs = 10

export interface Made {
  outline: Outline
  /** What stood there when each stretch began. */
  screens: readonly ReplayScreen[]
}

/** Reads a recording of a terminal to its end, and makes of it what a replay is opened by. What it is worth, the reader's verdict says afterwards. */
export async function makeOutline(reader: RecordingReader, rawLines: boolean, worth = stretchWorth): Promise<Made> {
  const maker = new OutlineMaker(reader, rawLines, worth)
  let since = performance.now()
  try {
    for await (const { block, frames } of reader.blocks()) {
      await maker.take(block, frames)
      if (performance.now() - since < stepMs) continue
      await breathe()
      since = performance.now()
    }
    return maker.made()
  } finally {
    maker.dispose()
  }
}

class OutlineMaker {
  readonly #reader: RecordingReader
  readonly #rawLines: boolean
  readonly #terminal: ReplayTerminal
  readonly #decode = utf8Decoder()
  readonly #gaps = new IdleGaps()
  readonly #segments: Outline['segments'] = []
  readonly #commands: Outline['commands'] = []
  readonly #keystrokes = { proven: 0, unproven: 0 }
  #stretches: Stretch[] = []
  #screens: ReplayScreen[] = []
  #last: Block | undefined
  #cut: Uint8Array = new Uint8Array()
  #chunks = 0
  #worth = 0
  #enough: number
  #left = listed.all
  #more = 0

  constructor(reader: RecordingReader, rawLines: boolean, worth: number) {
    this.#reader = reader
    this.#enough = worth
    this.#rawLines = rawLines
    this.#terminal = new ReplayTerminal(reader.facts, rawLines)
  }

  async take(block: Block | undefined, frames: readonly RecordedFrame[]): Promise<void> {
    if (block && (this.#stretches.length === 0 || this.#worth >= this.#enough)) await this.#begin(block)
    if (block?.what === 'header') {
      const { facts, segment, salt, compression } = block.header
      this.#segments.push({ n: segment, salt: Buffer.from(salt).toString('hex'), compression, started: Date.parse(facts.started) * 1000 })
    }
    if (block?.what === 'chunk') this.#chunks += 1
    this.#worth += blockWorth
    for (const frame of frames) await this.#frame(frame)
    if (!block) return
    this.#last = block
    const stretch = this.#stretches.at(-1) as Stretch
    Object.assign(stretch, { to: block.to, after: block.hash.toString('hex') })
  }

  async #begin(block: Block): Promise<void> {
    if (this.#stretches.length >= mostStretches) {
      this.#enough *= 2
      this.#screens = this.#screens.filter((_, n) => n % 2 === 0)
      this.#stretches = this.#stretches.flatMap((one, n, all) => (n % 2 === 0 ? [{ ...one, ...endOf(all[n + 1] ?? one) }] : []))
    }
    this.#screens.push(await this.#terminal.screen())
    this.#worth = 0
    this.#stretches.push({
      seconds: this.#gaps.last,
      ...{ from: block.from, to: block.to, before: (this.#last?.hash ?? nothing).toString('hex'), after: '', chunk: this.#chunks },
      bytes: Buffer.from(this.#cut).toString('hex'),
    })
  }

  async #frame(frame: RecordedFrame): Promise<void> {
    const seconds = Math.max(0, frame.at - this.#reader.startedAt) / 1_000_000
    if (frame.kind === 'output') {
      this.#gaps.add(seconds)
      this.#worth += frame.bytes.length
      this.#cut = Uint8Array.from(cutCharacter(this.#cut.length > 0 ? Buffer.concat([this.#cut, frame.bytes]) : frame.bytes))
      await this.#terminal.output(this.#decode(frame.bytes))
    }
    if (frame.kind === 'resize') {
      this.#gaps.add(seconds)
      await this.#terminal.resize(frame.columns, frame.rows)
    }
    if (frame.kind === 'command') this.#command(seconds, frame.text)
    if (frame.kind === 'input') this.#keystrokes.proven += frame.bytes.length
    if (frame.kind === 'hidden') this.#keystrokes.unproven += frame.count
  }

  #command(seconds: number, whole: string): void {
    const text = whole.length > listed.each ? `${whole.slice(0, listed.each).toWellFormed()}…` : whole
    this.#left -= text.length
    if (this.#left >= 0) this.#commands.push({ seconds, text })
    else this.#more += 1
  }

  made(): Made {
    const { columns, rows, recording } = this.#reader.facts
    const verdict = this.#reader.verdict
    const outline = {
      ...{ recording, columns, rows, rawLines: this.#rawLines, seconds: this.#gaps.last, gaps: this.#gaps.all },
      ...{ bytes: verdict?.bytes ?? 0, head: verdict?.head ?? '', chunks: this.#chunks },
      ...{ segments: this.#segments, stretches: this.#stretches, keystrokes: this.#keystrokes },
      ...{ commands: this.#commands, moreCommands: this.#more },
    }
    return { outline, screens: this.#screens }
  }

  dispose(): void {
    this.#terminal.dispose()
  }
}

const endOf = ({ to, after }: Stretch): Pick<Stretch, 'to' | 'after'> => ({ to, after })
