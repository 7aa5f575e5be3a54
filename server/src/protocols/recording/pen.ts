import { varintSize, writeVarint } from './varint.ts'

/** Writes the fields of a frame one after the other into bytes whose length is known before: one piece of memory for each frame, and no copy. */
export class Pen {
  readonly bytes: Buffer
  #at = 0

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length)
  }

  /** The bytes; all of them must have been written, since what stood there before may be anybody's. */
  done(): Buffer {
    if (this.#at !== this.bytes.length) throw new RangeError(`${this.#at} of ${this.bytes.length} bytes were written`)
    return this.bytes
  }

  number(value: number): void {
    this.#at = writeVarint(this.bytes, this.#at, value)
  }

  byte(value: number): void {
    this.bytes[this.#at++] = value
  }

  /** Text of so many bytes of UTF-8, with their number before it. */
  text(value: string, length: number): void {
    this.number(length)
    if (length > 0) this.#at += this.bytes.write(value, this.#at)
  }

  /** A value of so many bytes of UTF-8, with one more than their number before it. */
  value(value: string, length: number): void {
    this.number(length + 1)
    if (length > 0) this.#at += this.bytes.write(value, this.#at)
  }

  piece(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }
}

/** What `Pen.text` writes of a text of so many bytes. */
export const textSize = (length: number): number => varintSize(length) + length
