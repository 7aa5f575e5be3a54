import { DrawnCells } from './drawn-cells.ts'
import { InputKeys, Key } from './input-keys.ts'
import { carriageReturn, newline, OutputText, type Pen, textOf } from './output-text.ts'
import { ScreenState } from './screen-state.ts'
import { endsLikePrompt, ShownText } from './shown-text.ts'
import { type Drawing, type Size, TypedLine } from './typed-line.ts'

/*
 * Terminology
 *
 * - echo: the target sending back what was typed, character by character, because its terminal or its line editor shows it
 * - proven: typed bytes whose whole line, up to and with Enter, was echoed
 * - unproven: everything else. In doubt it is unproven
 *
 * Proof never waits for a clock, so that a slow link proves the same as a fast one; what bounds the waiting is how many bytes
 * came without being the echo. What is proven stands in the output anyway: of a line typed in one go every character, in one run.
 */

/** A line that was echoed as a whole. */
export interface ProvenLine {
  bytes: Uint8Array
  /** When Enter was typed, in the caller's time; undefined when the line was abandoned. */
  enteredAt: number | undefined
  /** The line as typed; undefined when keys were used of which only the screen shows what they did. */
  text: string | undefined
  /** Undefined when it was typed ahead. */
  screen: Drawing | undefined
}

/** Told of each typed byte exactly once, in the order of typing. */
export interface ProofSink {
  proven(line: ProvenLine): void
  unproven(bytes: Uint8Array): void
}

const open = (line: TypedLine): boolean => line.mode !== 'unproven'
const mostPending = 16 * 1024
const mostLines = 64
const mostText = 256 * 1024
/** Of a terminal whose size nobody said. */
const usualSize: Size = { columns: 80, rows: 24 }

/** Decides which typed bytes the target has echoed. Pure: bytes in, decisions out. `input` must be told before the target can answer. */
export class InputProof {
  readonly #sink: ProofSink
  readonly #keys = new InputKeys()
  readonly #outputText = new OutputText()
  readonly #screen = new ScreenState()
  readonly #cells: DrawnCells
  #size: Size
  #lines: TypedLine[] = []
  /** Since the oldest line that is still looked for was begun. */
  #text = new ShownText()
  #answered = false
  #settled = 0

  constructor(sink: ProofSink, size: Size = usualSize) {
    this.#sink = sink
    this.#size = asSize(size)
    this.#cells = new DrawnCells(this.#size.columns)
  }

  /** How many typed bytes were decided. */
  get settled(): number {
    return this.#settled
  }

  /** The typed bytes about which nothing was decided yet; they follow the settled ones. */
  get pending(): Uint8Array {
    return Buffer.concat([...this.#lines.map((line) => line.peek()), this.#keys.held])
  }

  input(bytes: Uint8Array, now: number): void {
    this.#keys.push(bytes, (keys, raw) => this.#key(keys, raw, now))
    this.#settle()
  }

  output(piece: Uint8Array): void {
    this.#answered = true
    if (this.#lines.some(open)) this.#match(piece)
    else this.#outputText.skip(piece)
    const last = this.#lines.at(-1)
    if (last && piece.includes(newline)) last.passed = true
    if (this.#screen.push(piece)) {
      // to or from a full-screen program: what was typed until now belonged to something else
      for (const line of this.#lines) this.#giveUp(line, true)
    }
    this.#settle()
  }

  resize(columns: number, rows: number): void {
    this.#size = asSize({ columns, rows })
    this.#cells.resize(this.#size.columns)
    for (const line of this.#lines) line.resized(this.#size)
  }

  /** Settles everything: nothing more will be typed or echoed. */
  end(): void {
    for (const line of this.#lines) this.#giveUp(line, true)
    this.#settle()
    const held = this.#keys.held
    if (held.length > 0) this.#unproven(held)
  }

  #key(keys: readonly number[], raw: Uint8Array, now: number): void {
    const last = this.#lines.at(-1)
    const alone = keys[0] === Key.report || keys[0] === Key.endOfFile
    if (last && this.#wasTaken(last)) last.closed = true
    const line = last && !last.closed ? last : this.#begin()
    const first = line !== last
    line.add(keys, raw, this.#cells.changes)
    if (first && alone) this.#giveUp(line, true)
    if (keys.includes(Key.enter)) line.enteredAt = now
    if (keys.includes(Key.enter) || keys.includes(Key.abandon)) {
      line.closed = true
      this.#answered = false
    }
  }

  /** Keys that an application took without showing them, as `q` in a pager: what is typed after it, on another line, is no part of that. */
  #wasTaken(line: TypedLine): boolean {
    if (open(line) || line.sticky || line.echoed || line.length > 0) return false
    return line.passed || endsLikePrompt(textOf(this.#screen.line))
  }

  #begin(): TypedLine {
    const ahead = !this.#answered || this.#lines.length > 0 || this.#screen.atLineStart
    const prompt = this.#screen.line
    if (this.#lines.at(-1)?.passed && endsLikePrompt(textOf(prompt))) {
      // the answer to them has come and gone: no echo of them can come after that
      for (const line of this.#lines) if (!line.plain) this.#giveUp(line, true)
    }
    if (!this.#lines.some(open)) {
      this.#text = new ShownText()
      this.#cells.begin(prompt)
    }
    const line = new TypedLine({ ahead, from: this.#text.length, prompt, size: this.#size })
    this.#lines.push(line)
    if (this.#screen.alternate || this.#screen.asksForSecret) {
      line.mode = 'unproven'
      line.sticky = true
    }
    return line
  }

  #match(piece: Uint8Array): void {
    let [at, shownFrom] = [0, 0]
    /** A line that may have ended with a line feed. */
    let ended: { line: TypedLine; at: number } | undefined
    const end = (whole: typeof ended) => {
      ended = undefined
      if (!whole) return
      whole.line.drawn(piece.subarray(shownFrom, whole.at))
      shownFrom = whole.at + 1
      this.#prove(whole.line)
      this.#cells.restart()
      for (const later of this.#lines) later.restart(this.#size)
    }
    const pen: Pen = {
      move: (final, parameter) => {
        if (final === 'A') ended = undefined
        this.#cells.move(final, parameter)
      },
      text: (code) => {
        if (code !== carriageReturn) end(ended)
        const { line, sure } = this.#feed(code) ?? {}
        if (line) ended = { line, at }
        if (sure) end(ended)
      },
    }
    for (; at < piece.length; at++) this.#outputText.push(piece[at] as number, pen)
    end(ended)
    for (const line of this.#lines) {
      line.waited += piece.length
      if (line.mode === 'strict') line.drawn(piece.subarray(shownFrom))
    }
    this.#search(this.#lines)
    if (this.#text.length > mostText) for (const line of this.#lines) this.#giveUp(line)
  }

  /** Offers a character to the oldest line that expects its echo now; what contradicts one is offered to the next. Gives the line that it ends. */
  #feed(code: number): { line: TypedLine; sure: boolean } | undefined {
    this.#text.add(code)
    const stood = this.#cells.draw(code)
    if (code < 0x20 && code !== newline) return undefined
    for (const line of this.#lines) {
      if (line.mode !== 'strict') continue
      const result = line.feed(code, stood, this.#cells)
      if (result === 'echo') this.#cells.echoed()
      if (result === 'whole' || result === 'whole?') return { line, sure: result === 'whole' }
      if (result !== 'contradicts') return undefined
      if (line.ahead && line.plain) line.mode = 'searching'
      else this.#giveUp(line)
    }
    return undefined
  }

  /** Looks for the echo of lines that were typed ahead: all of it in one run, at the start of a line or after a prompt. */
  #search(lines: readonly TypedLine[]): void {
    for (const line of [...lines]) {
      const echo = line.wholeEcho
      if (!echo) continue
      const end = this.#text.findAlone(echo, line.from)
      if (end !== undefined) {
        this.#prove(line)
        for (const later of this.#lines) later.from = Math.max(later.from, end)
      } else {
        line.from = Math.max(line.from, this.#text.length - echo.length)
      }
    }
  }

  #prove(line: TypedLine): void {
    const earlier = () => this.#lines.slice(0, this.#lines.indexOf(line))
    this.#search(earlier())
    // echoes come in the order of typing: what was typed before and was not echoed by now never will be
    for (const other of earlier()) this.#giveUp(other, true)
    const { text, enteredAt, screen } = line
    if (line.looksMasked) this.#giveUp(line)
    this.#settle()
    if (this.#lines[0] !== line || !open(line)) return
    this.#lines.shift()
    const bytes = line.take()
    this.#settled += bytes.length
    this.#sink.proven({ bytes, enteredAt, text, screen })
  }

  #giveUp(line: TypedLine, ended = false): void {
    line.mode = 'unproven'
    if (ended) line.closed = true
  }

  /** Hands on what is decided, oldest first. */
  #settle(): void {
    let pending = this.#lines.reduce((sum, line) => sum + line.length, 0)
    for (const line of this.#lines) {
      if (line.givenUp || pending > mostPending || this.#lines.length > mostLines) this.#giveUp(line)
      pending -= line.length
    }
    for (let line = this.#lines[0]; line?.mode === 'unproven'; line = this.#lines[0]) {
      if (line.length > 0) this.#unproven(line.take())
      if (!line.closed) break
      this.#lines.shift()
    }
  }

  #unproven(bytes: Uint8Array): void {
    this.#settled += bytes.length
    this.#sink.unproven(bytes)
  }
}

const asSize = ({ columns, rows }: Size): Size => ({ columns: columns || usualSize.columns, rows: rows || usualSize.rows })
