import { readVarint, varint } from './varint.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Text with its length in bytes before it. */
export const text = (value: string): Uint8Array => {
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

/** Reads field after field; what does not fit makes all of it unsound. */
export class Fields {
  readonly #bytes: Uint8Array
  #at = 0
  sound = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Everything fitted, and nothing is left over. */
  get whole(): boolean {
    return this.sound && this.#at === this.#bytes.length
  }

  number(): number {
    const read = readVarint(this.#bytes, this.#at)
    if (!read) this.sound = false
    this.#at = read?.next ?? this.#bytes.length
    return read?.value ?? 0
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) this.sound = false
    return byte ?? 0
  }

  /** As much of it as is there. */
  piece(length: number): string {
    const end = this.#at + length
    if (end > this.#bytes.length) this.sound = false
    const piece = utf8.decode(this.#bytes.subarray(this.#at, end))
    this.#at = end
    return piece
  }

  text(): string {
    return this.piece(this.number())
  }

  /** All that is left. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#at)
    this.#at = this.#bytes.length
    return rest
  }
}
