import type { CodeWord } from './code-words.ts'
import { ShownChannel } from './shown-channel.ts'

/** What a stream waits with at most, in bytes: colours between two digits could go on for ever. */
const mostHeld = 4096
const mask = 0x58
const nothing = Buffer.alloc(0)

const bell = 0x07
const newline = 0x0a
const escapeByte = 0x1b
/** What introduces text that is not shown where it stands: titles, links (ECMA-48: DCS, SOS, OSC, PM, APC). */
const strings = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f])
/** What introduces one more byte: a character set. */
const oneMore = new Set([0x20, 0x23, 0x25, 0x28, 0x29, 0x2a, 0x2b, 0x2d, 0x2e, 0x2f])

export interface CardMaskOptions {
  /** Of a terminal: where it breaks its lines. */
  columns?: number
  /** Numbers of this kind are masked wherever they stand. */
  everywhere?: CodeWord | undefined
}

/**
 * Masks card numbers and codes in a stream of bytes, however it is cut into pieces and whatever of a terminal's own stands between their
 * digits. A masked digit becomes an `X`: no length changes. What passes at once is whatever is no digit, and not behind one of which it is not
 * known yet what it belongs to.
 */
export class CardMask {
  readonly #text: ShownChannel
  readonly #aside: ShownChannel
  /** Numbers in control sequences, which no terminal shows. */
  readonly #control = new ShownChannel((at, masked) => this.#decided(at, masked))
  #held: Buffer = nothing
  /** Position in the stream of the first byte that is held. */
  #from = 0
  #read = 0
  #state: 'text' | 'escape' | 'control' | 'one' | 'string' | 'string-escape' = 'text'

  constructor({ columns, everywhere }: CardMaskOptions = {}) {
    const decided = (at: number, masked: boolean): void => this.#decided(at, masked)
    this.#text = new ShownChannel(decided, columns, everywhere)
    this.#aside = new ShownChannel(decided, undefined, everywhere)
  }

  /** True while something waits for what follows. */
  get waits(): boolean {
    return this.#held.length > 0
  }

  resize(columns: number): void {
    this.#text.resize(columns)
  }

  /** What is decided by now; a copy. */
  push(piece: Uint8Array): Buffer {
    this.#held = Buffer.concat([this.#held, piece])
    const to = this.#from + this.#held.length
    for (; this.#read < to; this.#read++) this.#take(this.#held[this.#read - this.#from] as number)
    const out = this.#release()
    return this.#held.length > mostHeld ? Buffer.concat([out, this.early()]) : out
  }

  /** All that is held: for who may not wait any longer. */
  early(): Buffer {
    for (const channel of [this.#text, this.#aside, this.#control]) channel.early()
    return this.#release()
  }

  /** Nothing follows. */
  end(): Buffer {
    for (const channel of [this.#text, this.#aside, this.#control]) channel.end()
    return this.#release()
  }

  #decided(at: number, masked: boolean): void {
    if (masked) this.#held[at - this.#from] = mask
  }

  #release(): Buffer {
    const open = Math.min(...[this.#text, this.#aside, this.#control].map((channel) => channel.open ?? Number.POSITIVE_INFINITY))
    const length = Math.min(this.#held.length, open - this.#from)
    const out = this.#held.subarray(0, length)
    this.#held = length === this.#held.length ? nothing : Buffer.from(this.#held.subarray(length))
    this.#from += length
    return out
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'text':
        if (byte === escapeByte) this.#state = 'escape'
        else this.#text.take(byte, this.#read)
        return
      case 'escape':
        if (byte === escapeByte) return
        this.#state = byte === 0x5b ? 'control' : strings.has(byte) ? 'string' : oneMore.has(byte) ? 'one' : 'text'
        return
      case 'one':
        this.#state = 'text'
        return
      case 'control':
        // what is no part of one: whatever introduced it was none
        this.#state = byte === escapeByte ? 'escape' : byte < 0x20 || byte >= 0x40 ? 'text' : 'control'
        this.#control.take(this.#state === 'control' ? byte : newline, this.#read)
        if (byte < 0x20 && byte !== escapeByte) this.#text.take(byte, this.#read)
        return
      case 'string':
        if (byte === bell) this.#endString()
        else if (byte === escapeByte) this.#state = 'string-escape'
        else this.#aside.take(byte, this.#read)
        return
      case 'string-escape':
        if (byte === 0x5c) this.#endString()
        else {
          this.#endString()
          this.#state = 'escape'
          this.#take(byte)
        }
    }
  }

  #endString(): void {
    this.#aside.take(newline, this.#read)
    this.#state = 'text'
  }
}
