import { createHash, type Hash } from 'node:crypto'

/** Pieces that came before their turn, in bytes: clients ask for several at a time and servers answer in any order. */
const mostWaiting = 8 * 1024 * 1024

/** The SHA-256 of pieces that come with their offsets, from the first offset on, without gaps. What is not so has no hash. */
export class OrderedHash {
  readonly #hash: Hash = createHash('sha256')
  readonly #early = new Map<number, Buffer>()
  #waiting = 0
  #next: number | undefined
  #from = 0
  #broken = false

  /** Where the contents begin. Later calls change nothing. */
  begin(offset: number): void {
    if (this.#next !== undefined) return
    this.#from = offset
    this.#next = offset
  }

  add(offset: number, bytes: Buffer): void {
    this.begin(offset)
    if (this.#broken || bytes.length === 0) return
    if (offset !== this.#next) {
      this.#keep(offset, bytes)
      return
    }
    this.#update(bytes)
    for (let early = this.#early.get(this.#next); early; early = this.#early.get(this.#next)) {
      this.#early.delete(this.#next)
      this.#waiting -= early.length
      this.#update(early)
    }
  }

  get from(): number {
    return this.#from
  }

  /** In hex; null when something is missing, came twice, or lies before the beginning. Ends it. */
  digest(): string | null {
    const whole = !this.#broken && this.#early.size === 0
    this.#broken = true
    this.#early.clear()
    return whole ? this.#hash.digest('hex') : null
  }

  #update(bytes: Buffer): void {
    this.#hash.update(bytes)
    this.#next = (this.#next as number) + bytes.length
  }

  #keep(offset: number, bytes: Buffer): void {
    this.#waiting += bytes.length
    if (offset < (this.#next as number) || this.#early.has(offset) || this.#waiting > mostWaiting) {
      this.#broken = true
      this.#early.clear()
      return
    }
    this.#early.set(offset, Buffer.from(bytes))
  }
}
