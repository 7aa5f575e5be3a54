const esc = 0x1b
const [ground, escaped, sequence, string, stringEscape] = [0, 1, 2, 3, 4]

/** Beyond this an escape string that never ends is given up, so that a broken one does not blind us for the rest of the session. */
const longestString = 8192

export const backspace = 0x08

/**
 * Tells what of a terminal's output is text: characters, line feeds, and backspaces. Escape sequences, bells and carriage
 * returns are no text. Works byte by byte, across pieces (ECMA-48).
 */
export class OutputText {
  #state = ground
  #length = 0

  /** Passes over output whose text nobody asks for; only what its end leaves open matters. */
  skip(piece: Uint8Array): void {
    const open = piece.lastIndexOf(esc)
    if (open < 0 && this.#state === ground) return
    if (open >= 0) this.#state = ground
    for (const byte of piece.subarray(Math.max(0, open))) this.push(byte)
  }

  /** The byte when it is text, else -1. */
  push(byte: number): number {
    switch (this.#state) {
      case ground:
        if (byte === esc) this.#state = escaped
        else if (byte === 0x0a || byte === backspace || (byte >= 0x20 && byte !== 0x7f)) return byte
        return -1
      case escaped:
        this.#length = 0
        if (byte === 0x5b) this.#state = sequence
        else if (byte === 0x5d || byte === 0x50 || byte === 0x5f || byte === 0x5e || byte === 0x58) this.#state = string
        // intermediates, as in ESC ( B, are followed by one more
        else if (byte !== esc && (byte < 0x20 || byte > 0x2f)) this.#state = ground
        return -1
      case sequence:
        if (byte === esc) this.#state = escaped
        else if (byte >= 0x40 && byte <= 0x7e) this.#state = ground
        return -1
      default:
        if (byte === 0x07 || ++this.#length > longestString) this.#state = ground
        else if (byte === esc) this.#state = stringEscape
        else if (this.#state === stringEscape) this.#state = byte === 0x5c ? ground : string
        return -1
    }
  }
}

/** The text of a stretch of output that begins outside of any sequence. */
export function textOf(bytes: Uint8Array): string {
  const reader = new OutputText()
  return Buffer.from(bytes.filter((byte) => reader.push(byte) >= 0 && byte !== backspace)).toString('utf8')
}
