/** More of them between two digits, and they belong to two numbers. */
const longestGap = 3
const tab = 0x09
const space = 0x20
const dash = 0x2d

/** What stands between two digits: whether they may be of one number. One space or dash does, and a dash with a space on either side. */
export class NumberGap {
  #spaces = 0
  #dashes = 0
  /** Of a separator of several bytes, what has come. */
  #lead: number[] = []

  get isOpen(): boolean {
    return this.#spaces + this.#dashes > 0
  }

  get joins(): boolean {
    if (this.#lead.length > 0) return false
    return this.#spaces <= 1 ? this.#dashes <= 1 : this.#spaces === 2 && this.#dashes === 1
  }

  /** Takes what may stand there. False: this is no such thing, and neither were the bytes before it that looked like its beginning. */
  take(byte: number): boolean {
    if (this.#lead.length > 0) return this.#more(byte)
    if (byte === 0xc2 || byte === 0xe2) this.#lead = [byte]
    else if (byte === dash) this.#dashes++
    else if (byte === space || byte === tab) this.#spaces++
    else return false
    return this.#isShort()
  }

  close(): void {
    this.#spaces = 0
    this.#dashes = 0
    this.#lead = []
  }

  /** The terminal's own end of a line counts for nothing. */
  wrapped(): void {
    this.#spaces = 0
  }

  /** No-break space, and what Unicode has of narrow spaces, dashes and characters without width. */
  #more(byte: number): boolean {
    const [first, second] = this.#lead
    if (first === 0xe2 && second === undefined && (byte === 0x80 || byte === 0x81 || byte === 0x88)) return this.#lead.push(byte) > 0
    this.#lead = []
    const is = first === 0xc2 ? byte === 0xa0 : second === 0x88 ? byte === 0x92 : second !== undefined && byte >= 0x80 && byte <= 0xaf
    if (is) this.#spaces++
    return is && this.#isShort()
  }

  #isShort(): boolean {
    return this.#spaces + this.#dashes <= longestGap
  }
}
