/*
 * What someone typed, as keys. A key is a number: a byte of text (0 to 255), or one of these.
 */
export const Key = {
  enter: -1,
  /** Moves or changes what is on the line in a way that only the target knows: arrows, tab, history, control letters. */
  edit: -2,
  /** Backspace. */
  erase: -3,
  /** A line end inside of a bracketed paste: it enters nothing. */
  pastedNewline: -4,
  /** Begin or end of a bracketed paste. */
  paste: -5,
  /** Ends a line without entering it, after the echo `^C` that stands before it. */
  abandon: -6,
  /** Control-D. */
  endOfFile: -7,
  /** Not a key at all: the terminal's answer to a question (cursor place, kind of terminal, focus, mouse). */
  report: -8,
} as const

const esc = 0x1b
const longestSequence = 256

/**
 * Cuts typed bytes into keys, across pieces. A key that is not whole yet (an escape at the end of a piece) waits in `held`.
 * Sequences: ECMA-48 5.4 (CSI), 5.6 (strings); xterm's control sequences for bracketed paste and reports.
 */
export class InputKeys {
  #held: number[] = []
  #pasting = false

  get held(): Uint8Array {
    return Uint8Array.from(this.#held)
  }

  /** Calls back once for each key, with all bytes that belong to it. */
  push(bytes: Uint8Array, each: (keys: readonly number[], raw: Uint8Array) => void): void {
    for (const byte of bytes) {
      if (this.#held.length === 0 && byte !== esc) {
        each(this.#single(byte), Uint8Array.of(byte))
        continue
      }
      const control = this.#held.length > 0 && (byte === 0x0d || byte === 0x0a || byte === 0x03 || (byte === esc && !this.#inString()))
      if (control || this.#held.length >= longestSequence) {
        // broken off: what was held was some key, and this byte begins anew
        each([Key.edit], this.#take())
        if (byte === esc) this.#held.push(byte)
        else each(this.#single(byte), Uint8Array.of(byte))
        continue
      }
      this.#held.push(byte)
      if (this.#whole()) {
        const key = this.#sequence()
        each([key], this.#take())
      }
    }
  }

  #take(): Uint8Array {
    const raw = Uint8Array.from(this.#held)
    this.#held = []
    return raw
  }

  #single(byte: number): readonly number[] {
    if (byte === 0x0d || byte === 0x0a) return [this.#pasting ? Key.pastedNewline : Key.enter]
    if (byte === 0x7f || byte === 0x08) return [Key.erase]
    if (byte === 0x04) return [Key.endOfFile]
    // ^C, ^Z and ^\ are echoed by the terminal driver as two characters and end the line
    if (byte === 0x03 || byte === 0x1a || byte === 0x1c) return [0x5e, byte + 0x40, Key.abandon]
    return [byte < 0x20 ? Key.edit : byte]
  }

  /** Inside OSC, DCS, APC, PM or SOS, which run to BEL or ST. */
  #inString(): boolean {
    return this.#held.length >= 2 && ']P_^X'.includes(String.fromCharCode(this.#held[1] as number))
  }

  #whole(): boolean {
    const held = this.#held
    const last = held.at(-1) as number
    if (held.length === 1) return false
    if (this.#inString()) return held.length > 2 && (last === 0x07 || (last === 0x5c && held.at(-2) === esc))
    if (held[1] === 0x4f) return held.length === 3
    if (held[1] !== 0x5b) return true
    // X10 mouse: CSI M and three bytes
    if (held[2] === 0x4d) return held.length === 6
    return held.length > 2 && last >= 0x40 && last <= 0x7e
  }

  #sequence(): number {
    const text = String.fromCharCode(...this.#held.slice(1))
    if (text === '[200~' || text === '[201~') {
      this.#pasting = text === '[200~'
      return Key.paste
    }
    const report = this.#inString() || /^\[(?:[?>=][\d;]*c|\d+;\d+R|\d*n|[\d;]*t|[IO]|<[\d;]*[Mm]|M...|\?[\d;]*\$y|\?[\d;]*u)$/s.test(text)
    return report ? Key.report : Key.edit
  }
}
