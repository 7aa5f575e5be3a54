import { textOfCodes } from '../code-points.ts'
import { backspace, carriageReturn, newline, OutputText, type Pen, tab } from '../output-text.ts'

/** A longer line is cut here. */
const longestLine = 4096
const space = 0x20
/** What goes to another line, or clears the screen: what stands on this one stays as it is. */
const elsewhere = 'HfdeABEFJSTLMru'

/**
 * What stood on a screen, a line at a time: as each was when the cursor left it. It knows one line, not a screen: lines of a full-screen
 * program come as it draws them.
 */
export class ScreenLines {
  readonly #output = new OutputText()
  readonly #pen: Pen = { text: (code) => this.#text(code), move: (final, parameter) => this.#move(final, parameter) }
  #cells: number[] = []
  #cursor = 0
  #returned = false
  #done: string[] = []

  push(bytes: Uint8Array): string[] {
    for (const byte of bytes) this.#output.push(byte, this.#pen)
    return this.#take()
  }

  end(): string[] {
    this.#leave()
    return this.#take()
  }

  #take(): string[] {
    const done = this.#done
    this.#done = []
    return done
  }

  #text(code: number): void {
    if (code === newline || this.#cells.length >= longestLine) this.#leave()
    if (code === newline) return
    if (code === carriageReturn) {
      this.#cursor = 0
      this.#returned = true
    } else if (code === backspace) this.#cursor = Math.max(0, this.#cursor - 1)
    else this.#put(code === tab ? space : code)
  }

  #put(code: number): void {
    // what is drawn over was read before
    if (this.#returned && this.#cells.length > 0 && this.#cells[this.#cursor] !== code) this.#say()
    this.#returned = false
    while (this.#cells.length < this.#cursor) this.#cells.push(space)
    this.#cells[this.#cursor++] = code
  }

  #move(final: string, parameter: number): void {
    const by = Math.min(longestLine, Math.max(1, parameter))
    if (elsewhere.includes(final)) this.#leave()
    else if (final === 'C') this.#cursor = Math.min(longestLine, this.#cursor + by)
    else if (final === 'D') this.#cursor = Math.max(0, this.#cursor - by)
    else if (final === 'G') this.#cursor = by - 1
    else if (final === 'K' && parameter === 0) this.#cells.length = Math.min(this.#cells.length, this.#cursor)
    else if (final === 'P') this.#cells.splice(this.#cursor, by)
    else if (final === '@') this.#cells.splice(this.#cursor, 0, ...new Array<number>(Math.min(by, 512)).fill(space))
  }

  #leave(): void {
    this.#say()
    this.#cells = []
    this.#cursor = 0
    this.#returned = false
  }

  #say(): void {
    const text = textOfCodes(this.#cells).trim()
    if (text !== '') this.#done.push(text)
  }
}
