const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads field after field of a frame; what does not fit makes all of it unsound. */
export class Fields {
  readonly #bytes: Uint8Array
  #at = 0
  sound = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** A varint: seven bits a byte, lowest first. */
  number(): number {
    let [value, scale] = [0, 1]
    for (let n = 0; n < 8; n++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    this.sound = false
    return 0
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) this.sound = false
    return byte ?? 0
  }

  take(length: number): Uint8Array {
    if (length > this.left) this.sound = false
    const piece = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return piece
  }

  rest(): Uint8Array {
    return this.take(Math.max(0, this.left))
  }

  /** `length` bytes of UTF-8; without it, as long as the number before it says. */
  text(length?: number): string {
    return utf8.decode(this.take(length ?? this.number()))
  }
}
