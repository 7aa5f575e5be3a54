import { Key } from './input-keys.ts'
import { backspace } from './output-text.ts'

/** More on one line is no command line; it is settled as unproven piece by piece. */
const longestLine = 4096
/** So much output without the echo, and we stop waiting for it. */
const mostWaiting = 64 * 1024
/** What an application may draw between an editing key and the echo of what was typed after it. */
const mostNoise = 8192
const space = 0x20
const newline = 0x0a

/** A password shown as its mask proves nothing, not even one made of the mask's character. */
const masks = new Set(['*', '•', '●', '.', '#', 'x', 'X'])

/**
 * - strict: the next text that the target sends must be the echo of the next key
 * - searching: typed ahead of other output; its echo is looked for as a whole
 * - unproven: decided; it only has to end
 */
export type Mode = 'strict' | 'searching' | 'unproven'

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
  /** The raw line before it. */
  prompt: Uint8Array
  readonly #echo: Uint8Array[] = []
  #echoLength = 0
  readonly #bytes: Uint8Array[] = []
  #length = 0
  readonly #keys: number[] = []
  #next = 0
  #echoed = false
  /** What the target has drawn of the line, and where its cursor is in that, as far as backspaces tell. */
  readonly #drawn: number[] = []
  #cursor = 0
  #runStart = 0
  #noisy = false
  #noise = 0
  #edited = false
  #erased = false
  #pasted = false

  constructor(at: { ahead: boolean; from: number; prompt: Uint8Array }) {
    this.ahead = at.ahead
    this.from = at.from
    this.prompt = at.prompt
  }

  /** Bytes of it that were not handed on yet. */
  get length(): number {
    return this.#length
  }

  add(keys: readonly number[], raw: Uint8Array): void {
    this.#bytes.push(raw)
    this.#length += raw.length
    this.waited = 0
    this.passed = false
    if (this.mode === 'unproven') return
    for (const key of keys) {
      if (key === Key.report) continue
      const edits = key === Key.edit || key === Key.endOfFile
      if (edits) this.#edited = true
      if (key === Key.erase) this.#erased = true
      if (key === Key.paste) this.#pasted = true
      // at the end of a line a backspace draws nothing but backspaces and spaces, which are no echo anyway
      if (key === Key.erase && !this.#edited) continue
      this.#keys.push(edits || key === Key.erase ? Key.edit : key)
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
    return this.#echoed
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

  /** What came until now was about another line. */
  restart(): void {
    this.prompt = new Uint8Array()
    this.#echo.length = 0
    this.#echoLength = 0
  }

  get screen(): { prompt: Uint8Array; echo: Uint8Array } | undefined {
    if (this.mode !== 'strict' || this.#echoLength > mostWaiting) return undefined
    return { prompt: this.prompt, echo: Buffer.concat(this.#echo) }
  }

  /** One byte of text from the target: an echo, something that may stand between echoes, or a contradiction. */
  feed(byte: number): 'fits' | 'contradicts' | 'whole' {
    if (byte === backspace) {
      this.#cursor = Math.max(0, this.#cursor - 1)
      return 'fits'
    }
    this.#passEdits()
    const key = this.#keys[this.#next]
    // line editors go back and draw again what stands there: no news
    const again = byte !== newline && byte !== key && this.#drawn[this.#cursor] === byte
    if (byte !== newline && this.#cursor < longestLine) this.#drawn[this.#cursor++] = byte
    if (key === undefined) this.#noisy = false
    if (key === undefined || again) return 'fits'
    if (key >= 0) return this.#feedCharacter(byte, key)
    if (byte === newline) {
      this.#next++
      return key === Key.enter ? 'whole' : 'fits'
    }
    // on Enter an application may draw the line once more; a terminal driver never does
    const redraws = (this.#edited || this.#pasted) && ++this.#noise < mostNoise
    return byte === space || redraws ? 'fits' : 'contradicts'
  }

  #feedCharacter(byte: number, key: number): 'fits' | 'contradicts' | 'whole' {
    if (byte === key) {
      this.#next++
      this.#echoed = true
      const following = this.#keys[this.#next]
      if (following === undefined || following < 0) this.#noisy = false
      return following === Key.abandon ? 'whole' : 'fits'
    }
    // spaces wipe what was erased, and fill the end of a wrapped line
    if (byte === space) return 'fits'
    if (!this.#noisy || ++this.#noise >= mostNoise) return 'contradicts'
    this.#next = this.#runStart
    if (byte === this.#keys[this.#next]) this.#next++
    return 'fits'
  }

  /** The response to editing keys is whatever comes; what was typed after them must come in it in one run. */
  #passEdits(): void {
    while (this.#keys[this.#next] === Key.edit || this.#keys[this.#next] === Key.paste) {
      this.#next++
      this.#noisy = true
      this.#runStart = this.#next
    }
  }

  /** The echo that a line typed ahead must show as a whole; undefined when only the application could say how it looks. */
  get wholeEcho(): Buffer | undefined {
    if (this.mode !== 'searching' || !this.closed || this.#keys.at(-1) !== Key.enter) return undefined
    return this.plain ? Buffer.from([...this.#keys.slice(0, -1), newline]) : undefined
  }

  /** All that was typed is one mask character over and over. */
  get looksMasked(): boolean {
    const typed = Buffer.from(this.#keys.filter((key) => key >= 0)).toString('utf8')
    const [first, ...rest] = typed
    return first !== undefined && masks.has(first) && rest.every((character) => character === first)
  }

  /** The text as typed, where typing it is all that was done. */
  get text(): string | undefined {
    if (this.#edited || this.#erased || this.enteredAt === undefined) return undefined
    const typed = this.#keys.flatMap((key) => (key >= 0 ? [key] : key === Key.pastedNewline ? [newline] : []))
    return Buffer.from(typed).toString('utf8')
  }

  /** True when it waits for an echo that did not come, or can no longer come as typed. */
  get givenUp(): boolean {
    return this.waited > mostWaiting || this.#length > longestLine || (this.mode === 'searching' && this.closed && !this.wholeEcho)
  }
}
