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
export const blockWorth = 256
/** More stretches than this become half as many, twice as long. */
const mostStretches = 1024
/** Bytes of commands that are listed, and of one of them. */
const listed = { all: 4 * 1024 * 1024, each: 4096 }
/** What the first block of a file says stood before it. */
const nothing = '00'.repeat(32)
/** So long nothing else gets to run, in milliseconds. */
const stepMs = 10

export interface Made {
  outline: Outline
  /** What stood there when each stretch began; of an outline that was gone on with, from the first new stretch on. */
  screens: readonly ReplayScreen[]
  /** What stands there at its end. */
  end: ReplayScreen
}

type Blocks = AsyncIterable<{ block: Block | undefined; frames: readonly RecordedFrame[] }>
export type Facts = Pick<Outline, 'recording' | 'columns' | 'rows' | 'rawLines'>

/** Reads a recording of a terminal to its end, and makes of it what a replay is opened by. What it is worth, the reader's verdict says afterwards. */
export async function makeOutline(reader: RecordingReader, rawLines: boolean, worth = stretchWorth): Promise<Made> {
  const { recording, columns, rows } = reader.facts
  return await followed(reader.blocks(), new OutlineMaker({ recording, columns, rows, rawLines }, worth))
}

/** That of a recording of which nothing was read: what is made of all there is goes on from here. */
export const outlineOfNothing = ({ recording, columns, rows, rawLines }: Facts): Pick<Made, 'outline' | 'end'> => ({
  outline: {
    ...{ recording, columns, rows, rawLines, seconds: 0, gaps: [], bytes: 0, head: nothing, chunks: 0, segments: [], stretches: [] },
    ...{ keystrokes: { proven: 0, unproven: 0 }, commands: [], moreCommands: 0, end: { bytes: '', worth: 0, enough: stretchWorth } },
  },
  end: { columns, rows, text: '' },
})

/** The outline of what was read before, and of these blocks behind it. `end`: what stood there at its end. */
export async function outlineWith(blocks: Blocks, outline: Outline, end: ReplayScreen): Promise<Made> {
  const maker = new OutlineMaker(outline, outline.end?.enough ?? stretchWorth, end)
  await maker.goOn(outline, end)
  return await followed(blocks, maker)
}

async function followed(blocks: Blocks, maker: OutlineMaker): Promise<Made> {
  let since = performance.now()
  try {
    for await (const { block, frames } of blocks) {
      await maker.take(block, frames)
      if (performance.now() - since < stepMs) continue
      await breathe()
      since = performance.now()
    }
    return await maker.made()
  } finally {
    maker.dispose()
  }
}

class OutlineMaker {
  readonly #facts: Facts
  readonly #terminal: ReplayTerminal
  readonly #decode = utf8Decoder()
  #gaps = new IdleGaps()
  readonly #segments: Outline['segments'] = []
  readonly #commands: Outline['commands'] = []
  readonly #keystrokes = { proven: 0, unproven: 0 }
  #stretches: Stretch[] = []
  #screens: ReplayScreen[] = []
  /** Stretches of before, whose screens lie where they were put. */
  #known = 0
  #bytes = 0
  #head = nothing
  #cut: Uint8Array = new Uint8Array()
  #chunks = 0
  #worth = 0
  #enough: number
  #left = listed.all
  #more = 0

  constructor(facts: Facts, enough: number, size: { columns: number; rows: number } = facts) {
    this.#facts = facts
    this.#enough = enough
    this.#terminal = new ReplayTerminal(size, facts.rawLines)
  }

  /** Stands where an outline ended. */
  async goOn(outline: Outline, end: ReplayScreen): Promise<void> {
    const { segments, commands, moreCommands, keystrokes, stretches, bytes, head, chunks } = outline
    this.#segments.push(...segments)
    this.#commands.push(...commands)
    this.#left -= commands.reduce((sum, { text }) => sum + text.length, 0)
    this.#more = moreCommands
    Object.assign(this.#keystrokes, keystrokes)
    this.#stretches = stretches.map((one) => ({ ...one }))
    this.#known = stretches.length
    this.#bytes = bytes
    this.#head = head
    this.#chunks = chunks
    this.#gaps = new IdleGaps(outline)
    this.#worth = outline.end?.worth ?? 0
    this.#cut = Buffer.from(outline.end?.bytes ?? '', 'hex')
    this.#decode(this.#cut)
    await this.#terminal.output(end.text)
  }

  async take(block: Block | undefined, frames: readonly RecordedFrame[]): Promise<void> {
    if (block && (this.#stretches.length === 0 || this.#worth >= this.#enough)) await this.#begin(block)
    if (block?.what === 'header') {
      const { facts, segment, salt, compression } = block.header
      this.#segments.push({ n: segment, salt: Buffer.from(salt).toString('hex'), compression, started: Date.parse(facts.started) * 1000 })
    }
    if (block?.what === 'chunk') this.#chunks += 1
    if (block) this.#worth += blockWorth
    for (const frame of frames) await this.#frame(frame)
    if (!block) return
    this.#bytes = block.to
    this.#head = block.hash.toString('hex')
    const stretch = this.#stretches.at(-1) as Stretch
    Object.assign(stretch, { to: block.to, after: this.#head })
  }

  async #begin(block: Block): Promise<void> {
    // what others may be shown by stays where it is: then those that follow are longer
    if (this.#known > 0 && this.#stretches.length >= mostStretches && this.#stretches.length % (mostStretches / 2) === 0) this.#enough *= 2
    if (this.#known === 0 && this.#stretches.length >= mostStretches) {
      this.#enough *= 2
      this.#screens = this.#screens.filter((_, n) => n % 2 === 0)
      this.#stretches = this.#stretches.flatMap((one, n, all) => (n % 2 === 0 ? [{ ...one, ...endOf(all[n + 1] ?? one) }] : []))
    }
    this.#screens.push(await this.#terminal.screen())
    this.#worth = 0
    this.#stretches.push({
      seconds: this.#gaps.last,
      ...{ from: block.from, to: block.to, before: this.#head, after: '', chunk: this.#chunks },
      bytes: Buffer.from(this.#cut).toString('hex'),
    })
  }

  async #frame(frame: RecordedFrame): Promise<void> {
    const seconds = Math.max(0, frame.at - (this.#segments[0]?.started ?? 0)) / 1_000_000
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

  async made(): Promise<Made> {
    const end = await this.#terminal.screen()
    const { recording, columns, rows, rawLines } = this.#facts
    const outline = {
      ...{ recording, columns, rows, rawLines, seconds: this.#gaps.last, gaps: this.#gaps.all },
      ...{ bytes: this.#bytes, head: this.#head, chunks: this.#chunks },
      ...{ segments: this.#segments, stretches: this.#stretches, keystrokes: this.#keystrokes },
      ...{ commands: this.#commands, moreCommands: this.#more },
      end: { bytes: Buffer.from(this.#cut).toString('hex'), worth: this.#worth, enough: this.#enough },
    }
    return { outline, screens: this.#screens, end }
  }

  dispose(): void {
    this.#terminal.dispose()
  }
}

const endOf = ({ to, after }: Stretch): Pick<Stretch, 'to' | 'after'> => ({ to, after })
