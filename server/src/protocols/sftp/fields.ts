/** Reads the fields of one packet in turn. Anything that reaches beyond its end makes `sound` false and everything after it empty. */
export class Fields {
  readonly #bytes: Buffer
  #at: number
  sound = true

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes
    this.#at = from
  }

  uint32(): number {
    const at = this.#advance(4)
    return at === undefined ? 0 : this.#bytes.readUInt32BE(at)
  }

  /** Offsets in files; beyond 2^53 not sound, which is eight pebibytes. */
  uint64(): number {
    const at = this.#advance(8)
    if (at === undefined) return 0
    const value = this.#bytes.readBigUInt64BE(at)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.sound = false
    return Number(value)
  }

  string(longest: number): Buffer {
    const length = this.uint32()
    if (length > longest) this.sound = false
    const at = this.sound ? this.#advance(length) : undefined
    return at === undefined ? Buffer.alloc(0) : this.#bytes.subarray(at, at + length)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  #advance(count: number): number | undefined {
    const at = this.#at
    if (!this.sound || at + count > this.#bytes.length) {
      this.sound = false
      return undefined
    }
    this.#at = at + count
    return at
  }
}
