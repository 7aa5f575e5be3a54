import { serverSays, statementError } from '../../../protocols/postgres/index.ts'
import type { Failure } from './expected.ts'

const headerBytes = 5
const nothing = Buffer.alloc(0)

/** Puts our sentence in the place of the error with which the target failed what stood for a refused statement. */
export class ToldRefusals {
  /** Of each error of the target in turn: what the client hears instead. */
  readonly #instead: (Failure | undefined)[] = []
  #header: Buffer = nothing
  #left = 0
  /** An error that is not whole yet. */
  #held: Buffer[] | undefined

  /** An error was scanned. */
  error(instead: Failure | undefined): void {
    this.#instead.push(instead)
  }

  shown(bytes: Buffer): Buffer {
    const out: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const take = this.#left > 0 ? Math.min(this.#left, bytes.length - at) : Math.min(headerBytes - this.#header.length, bytes.length - at)
      const piece = bytes.subarray(at, at + take)
      at += take
      if (this.#left > 0) {
        this.#left -= take
        ;(this.#held ?? out).push(piece)
      } else {
        this.#header = this.#header.length > 0 ? Buffer.concat([this.#header, piece]) : Buffer.from(piece)
        if (this.#header.length < headerBytes) break
        this.#left = this.#header.readInt32BE(1) - 4
        this.#held = this.#header[0] === serverSays.errorResponse ? [this.#header] : undefined
        if (!this.#held) out.push(this.#header)
        this.#header = nothing
      }
      if (this.#left === 0) out.push(...this.#ended())
    }
    return out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out)
  }

  #ended(): Buffer[] {
    const held = this.#held
    this.#held = undefined
    if (!held) return []
    const instead = this.#instead.shift()
    return instead === undefined ? held : [statementError(instead.sqlState, instead.message)]
  }
}
