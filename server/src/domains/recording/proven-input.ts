import { InputKeys, Key } from './input-keys.ts'
import { backspace, OutputText, textOf } from './output-text.ts'
import { ScreenState } from './screen-state.ts'
import { TypedLine } from './typed-line.ts'

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
  /** What a terminal must be fed to show the line: first what stood before it, then its echo. Undefined when it was typed ahead. */
  screen: { prompt: Uint8Array; echo: Uint8Array } | undefined
}

/** Told of each typed byte exactly once, in the order of typing. */
export interface ProofSink {
  proven(line: ProvenLine): void
  unproven(bytes: Uint8Array): void
}

const newline = 0x0a
const open = (line: TypedLine): boolean => line.mode !== 'unproven'
const mostPending = 16 * 1024
const mostLines = 64
const mostText = 256 * 1024
const promptEnds = /[$#%>❯»]\s*$/u

/** Decides which typed bytes the target has echoed. Pure: bytes in, decisions out. `input` must be told before the target can answer. */
export class InputProof {
  readonly #sink: ProofSink
  readonly #keys = new InputKeys()
  readonly #outputText = new OutputText()
  readonly #screen = new ScreenState()
  #lines: TypedLine[] = []
  /** Text that came since the oldest line that is still looked for was begun. */
  #text = Buffer.alloc(0)
  #textLength = 0
  #answered = false
  #settled = 0

  constructor(sink: ProofSink) {
    this.#sink = sink
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
    line.add(keys, raw)
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
    return line.passed || promptEnds.test(textOf(this.#screen.line))
  }

  #begin(): TypedLine {
    const ahead = !this.#answered || this.#lines.length > 0 || this.#screen.atLineStart
    if (!this.#lines.some(open)) this.#textLength = 0
    const line = new TypedLine({ ahead, from: this.#textLength, prompt: this.#screen.line })
    this.#lines.push(line)
    if (this.#screen.alternate || this.#screen.asksForSecret) {
      line.mode = 'unproven'
      line.sticky = true
    }
    return line
  }

  #match(piece: Uint8Array): void {
    let shownFrom = 0
    for (let at = 0; at < piece.length; at++) {
      const text = this.#outputText.push(piece[at] as number)
      if (text < 0) continue
      if (text !== backspace) this.#addText(text)
      const whole = this.#feed(text)
      if (!whole) continue
      whole.drawn(piece.subarray(shownFrom, at))
      shownFrom = at + 1
      this.#prove(whole)
      for (const later of this.#lines) later.restart()
    }
    for (const line of this.#lines) {
      line.waited += piece.length
      if (line.mode === 'strict') line.drawn(piece.subarray(shownFrom))
    }
    this.#search(this.#lines)
    if (this.#textLength > mostText) for (const line of this.#lines) this.#giveUp(line)
  }

  #addText(byte: number): void {
    if (this.#textLength === this.#text.length) this.#text = Buffer.concat([this.#text], Math.max(1024, 2 * this.#text.length))
    this.#text[this.#textLength++] = byte
  }

  /** Offers a byte to the oldest line that expects its echo now; what contradicts one is offered to the next. */
  #feed(byte: number): TypedLine | undefined {
    for (const line of this.#lines) {
      if (line.mode !== 'strict') continue
      const result = line.feed(byte)
      if (result === 'whole') return line
      if (result === 'fits') return undefined
      if (line.ahead && line.plain) line.mode = 'searching'
      else this.#giveUp(line)
    }
    return undefined
  }

  /** Looks for the echo of lines that were typed ahead: all of it in one run, at the start of a line or after a prompt. */
  #search(lines: readonly TypedLine[]): void {
    const text = this.#text.subarray(0, this.#textLength)
    for (const line of [...lines]) {
      const echo = line.wholeEcho
      if (!echo) continue
      let at = text.indexOf(echo, line.from)
      while (at >= 0 && !standsAlone(text, at)) at = text.indexOf(echo, at + 1)
      if (at >= 0) {
        this.#prove(line)
        for (const later of this.#lines) later.from = Math.max(later.from, at + echo.length)
      } else {
        line.from = Math.max(line.from, text.length - echo.length)
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

/** At the start of a line, or after something that ends like a prompt. */
function standsAlone(text: Buffer, at: number): boolean {
  const before = at === 0 ? '' : text.subarray(text.lastIndexOf(newline, at - 1) + 1, at).toString('utf8')
  return before.trim() === '' || promptEnds.test(before)
}
