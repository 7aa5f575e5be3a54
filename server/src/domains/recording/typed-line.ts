import { CodePoints, textOfCodes } from './code-points.ts'
import type { DrawnCells, Stood } from './drawn-cells.ts'
import { EchoMatch, type Fed } from './echo-match.ts'
import { Key } from './input-keys.ts'
import { newline } from './output-text.ts'

/** More on one line is no command line; it is settled as unproven piece by piece. */
const longestLine = 4096
/** So much output without the echo, and we stop waiting for it. */
const mostWaiting = 64 * 1024

/** A password shown as its mask proves nothing, not even one made of the mask's character. */
const masks = new Set(['*', '•', '●', '.', '#', 'x', 'X'])

/**
 * - strict: the next text that the target sends must be the echo of the next key
 * - searching: typed ahead of other output; its echo is looked for as a whole
 * - unproven: decided; it only has to end
 */
export type Mode = 'strict' | 'searching' | 'unproven'

export interface Size {
  columns: number
  rows: number
}

/** What a terminal must be fed to show a line: first what stood before it, then its echo, with the resizes between. */
export interface Drawing {
  size: Size
  /** The characters that were typed, with a line feed for each other key. */
  typed: string
  prompt: Uint8Array
  echo: readonly (Uint8Array | Size)[]
}

/** One line that someone types, from its first key to Enter, and how much of it the target has echoed. */
export class TypedLine {
  mode: Mode = 'strict'
  /** Enter, or an end without entering, was typed. */
  closed = false
  /** When Enter was typed. */
  enteredAt: number | undefined
  /** It may have been typed ahead: an echo that does not come at once may still come. */
  readonly ahead: boolean
  /** Offset in the text that came since the oldest open line, from which its echo is still looked for. */
  from: number
  /** Unproven until its end, whatever the target prints meanwhile. */
  sticky = false
  /** The target has gone on to another line since its last key. */
  passed = false
  /** Output bytes since its last key. */
  waited = 0
  /** The raw line before it, on a terminal of this size. */
  #prompt: Uint8Array
  #size: Size
  readonly #echo: (Uint8Array | Size)[] = []
  #echoLength = 0
  readonly #bytes: Uint8Array[] = []
  #length = 0
  readonly #characters = new CodePoints()
  readonly #match = new EchoMatch()
  #edited = false
  #erased = false
  #pasted = false

  constructor(at: { ahead: boolean; from: number; prompt: Uint8Array; size: Size }) {
    this.ahead = at.ahead
    this.from = at.from
    this.#prompt = at.prompt
    this.#size = at.size
  }

  /** Bytes of it that were not handed on yet. */
  get length(): number {
    return this.#length
  }

  /** `now` as `DrawnCells.changes` says. */
  add(keys: readonly number[], raw: Uint8Array, now: number): void {
    this.#bytes.push(raw)
    this.#length += raw.length
    this.waited = 0
    this.passed = false
    if (this.mode === 'unproven') return
    const typed = (key: number) => this.#match.push(key, now)
    for (const key of keys) {
      if (key >= 0) {
        this.#characters.push(key, typed)
        continue
      }
      this.#characters.flush(typed)
      if (key === Key.report) continue
      const edits = key === Key.edit || key === Key.endOfFile
      if (edits) this.#edited = true
      if (key === Key.erase) this.#erased = true
      if (key === Key.paste) this.#pasted = true
      // at the end of a plain line a backspace draws nothing but backspaces and spaces, which are no echo anyway
      if (key === Key.erase && !this.#edited && !this.#pasted && this.#match.exact) continue
      typed(edits || key === Key.erase ? Key.edit : key)
    }
    if (this.mode === 'searching' && !this.plain) this.mode = 'unproven'
  }

  /** All bytes not handed on yet, which then are. */
  take(): Uint8Array {
    const bytes = this.peek()
    this.#bytes.length = 0
    this.#length = 0
    return bytes
  }

  peek(): Uint8Array {
    return Buffer.concat(this.#bytes)
  }

  /** Something of it was echoed. */
  get echoed(): boolean {
    return this.#match.echoed
  }

  /** Only characters were typed: its echo is known beforehand. */
  get plain(): boolean {
    return !this.#edited && !this.#erased && !this.#pasted
  }

  /** Output since its first key; copied, and given up when it is more than a line can need. */
  drawn(output: Uint8Array): void {
    this.#echoLength += output.length
    if (this.#echoLength <= mostWaiting) this.#echo.push(Uint8Array.from(output))
    else this.#echo.length = 0
  }

  resized(size: Size): void {
    this.#match.resized()
    this.#echo.push(size)
  }

  /** What came until now was about another line. */
  restart(size: Size): void {
    this.#prompt = new Uint8Array()
    this.#size = size
    this.#echo.length = 0
    this.#echoLength = 0
  }

  get screen(): Drawing | undefined {
    if (this.mode !== 'strict' || this.#echoLength > mostWaiting) return undefined
    const typed = textOfCodes(this.#match.keys.map((key) => (key >= 0 ? key : newline)))
    return { size: this.#size, typed, prompt: this.#prompt, echo: this.#echo }
  }

  /** One character of text from the target, or a line feed, which is drawn already, and how it stood there before. */
  feed(code: number, stood: Stood, cells: DrawnCells): Fed {
    return this.#match.feed(code, stood, cells)
  }

  /** The echo that a line typed ahead must show as a whole; undefined when only the application could say how it looks. */
  get wholeEcho(): string | undefined {
    if (this.mode !== 'searching' || !this.closed || this.#match.keys.at(-1) !== Key.enter) return undefined
    return this.plain ? `${textOfCodes(this.#match.keys.slice(0, -1))}\n` : undefined
  }

  /** All that was typed is one mask character over and over. */
  get looksMasked(): boolean {
    const [first, ...rest] = textOfCodes(this.#match.keys.filter((key) => key >= 0))
    return first !== undefined && masks.has(first) && rest.every((character) => character === first)
  }

  /** The text as typed, where typing it is all that was done. */
  get text(): string | undefined {
    if (this.#edited || this.#erased || this.enteredAt === undefined) return undefined
    return textOfCodes(this.#match.keys.flatMap((key) => (key >= 0 ? [key] : key === Key.pastedNewline ? [newline] : [])))
  }

  /** True when it waits for an echo that did not come, or can no longer come as typed. */
  get givenUp(): boolean {
    return this.waited > mostWaiting || this.#length > longestLine || (this.mode === 'searching' && this.closed && !this.wholeEcho)
  }
}
