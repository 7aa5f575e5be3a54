import { CodePoints, textOfCodes } from './code-points.ts'

const esc = 0x1b
const [ground, escaped, sequence, string, stringEscape] = [0, 1, 2, 3, 4]

/** Beyond this an escape string that never ends is given up, so that a broken one does not blind us for the rest of the session. */
const longestString = 8192
const largestParameter = 9999

export const backspace = 0x08
export const tab = 0x09
export const newline = 0x0a
export const carriageReturn = 0x0d

export interface Pen {
  /** A character as `CodePoints` cuts them, or one of the four controls above. */
  text(code: number): void
  /** A control sequence: its final character and its first number, 0 when it has none. */
  move(final: string, parameter: number): void
}

/**
 * Tells what of a terminal's output is text and what moves the cursor. Other escape sequences, bells and the like are neither. Works byte by
 * byte, across pieces (ECMA-48).
 */
export class OutputText {
  readonly #characters = new CodePoints()
  #state = ground
  #length = 0
  /** Of the sequence: its first number, and whether another character than a digit has come. */
  #parameter = 0
  #more = false

  /** Passes over output whose text nobody asks for; only what its end leaves open matters. */
  skip(piece: Uint8Array): void {
    this.#characters.flush(() => {})
    const open = piece.lastIndexOf(esc)
    if (open < 0 && this.#state === ground) return
    if (open >= 0) this.#state = ground
    for (const byte of piece.subarray(Math.max(0, open))) this.push(byte, nobody)
    this.#characters.flush(() => {})
  }

  push(byte: number, pen: Pen): void {
    if (this.#state === ground) this.#ground(byte, pen)
    else if (this.#state === escaped) this.#escaped(byte)
    else if (this.#state === sequence) this.#sequence(byte, pen)
    else this.#string(byte)
  }

  #ground(byte: number, pen: Pen): void {
    if (byte >= 0x20 && byte !== 0x7f) this.#characters.push(byte, pen.text)
    else {
      this.#characters.flush(pen.text)
      if (byte === esc) this.#state = escaped
      else if (byte === backspace || byte === tab || byte === newline || byte === carriageReturn) pen.text(byte)
    }
  }

  #string(byte: number): void {
    if (byte === 0x07 || ++this.#length > longestString) this.#state = ground
    else if (byte === esc) this.#state = stringEscape
    else if (this.#state === stringEscape) this.#state = byte === 0x5c ? ground : string
  }

  #escaped(byte: number): void {
    this.#length = 0
    this.#parameter = 0
    this.#more = false
    if (byte === 0x5b) this.#state = sequence
    else if (byte === 0x5d || byte === 0x50 || byte === 0x5f || byte === 0x5e || byte === 0x58) this.#state = string
    // intermediates, as in ESC ( B, are followed by one more
    else if (byte !== esc && (byte < 0x20 || byte > 0x2f)) this.#state = ground
  }

  #sequence(byte: number, pen: Pen): void {
    if (byte === esc) this.#state = escaped
    else if (byte >= 0x40 && byte <= 0x7e) {
      this.#state = ground
      pen.move(String.fromCharCode(byte), this.#parameter)
    } else if (byte >= 0x30 && byte <= 0x39 && !this.#more) {
      this.#parameter = Math.min(largestParameter, this.#parameter * 10 + byte - 0x30)
    } else this.#more = true
  }
}

const nobody: Pen = { text: () => {}, move: () => {} }

/** The text of a stretch of output that begins outside of any sequence. */
export function textOf(bytes: Uint8Array): string {
  const reader = new OutputText()
  const codes: number[] = []
  const keep: Pen = { text: (code) => void ((code >= 0x20 || code === newline) && codes.push(code)), move: () => {} }
  for (const byte of bytes) reader.push(byte, keep)
  return textOfCodes(codes)
}
