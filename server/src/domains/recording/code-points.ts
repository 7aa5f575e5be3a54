/** Above all code points: a byte that is no UTF-8 stands for itself. */
const looseByte = 0x110000

/**
 * Cuts bytes into characters, as numbers: code points, and bytes that are no UTF-8 as numbers above all of them. What was typed and what was
 * shown are cut in the same way, so that they compare in any encoding.
 */
export class CodePoints {
  #held: number[] = []
  #missing = 0

  push(byte: number, each: (code: number) => void): void {
    if (this.#missing > 0 && (byte & 0xc0) === 0x80) {
      this.#held.push(byte)
      if (--this.#missing === 0) this.#whole(each)
      return
    }
    this.flush(each)
    if (byte < 0x80) each(byte)
    else if (byte < 0xc2 || byte > 0xf4) each(looseByte + byte)
    else {
      this.#held.push(byte)
      this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    }
  }

  /** No more is to come of a character that is not whole. */
  flush(each: (code: number) => void): void {
    if (this.#missing === 0) return
    for (const byte of this.#take()) each(looseByte + byte)
  }

  #whole(each: (code: number) => void): void {
    const [first = 0, ...rest] = this.#take()
    each(rest.reduce((code, byte) => (code << 6) | (byte & 0x3f), first & (0x3f >> rest.length)))
  }

  #take(): number[] {
    const held = this.#held
    this.#held = []
    this.#missing = 0
    return held
  }
}

/** As text; a loose byte is shown as what it would be in Latin-1. */
export const textOfCodes = (codes: readonly number[]): string =>
  codes.map((code) => (code < looseByte ? String.fromCodePoint(code) : String.fromCharCode(code - looseByte))).join('')
