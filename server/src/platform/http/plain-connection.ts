import type { Socket } from 'node:net'
import { type PlainRequest, plainRequest } from './plain-request.ts'

export interface PlainDeps {
  /** Begins to answer; false when this is not answered here. `done` is called once, later. */
  answer(request: PlainRequest, source: string, done: (status: number, text: string) => void): boolean
  /** What goes before the text of an answer. */
  head(status: number, bytes: number): string
  /** Whoever reads what is not plain. It gets the socket as if nothing had been read. */
  handOver(socket: Socket): void
  /** After the next answer the connection ends. */
  closing(): boolean
  /** It is not ours any more. */
  gone(connection: PlainConnection): void
}

/**
 * A connection on which nothing but plain requests came so far, each of which came alone. With the first bytes that are anything else it is handed over
 * for good: to node:http, whose parser and streams cost twice what is left here, which is the two system calls.
 */
export class PlainConnection {
  readonly #socket: Socket
  readonly #deps: PlainDeps
  readonly #source: string
  /** When something happened on it last; milliseconds of the monotonic clock. */
  #since = performance.now()
  #answered = false
  #busy = false
  #ended = false
  /** What came while an answer was made. */
  #rest: Buffer | undefined

  constructor(socket: Socket, deps: PlainDeps) {
    this.#socket = socket
    this.#deps = deps
    this.#source = socket.remoteAddress ?? ''
    socket
      .on('data', this.#arrived)
      .on('end', this.#finished)
      .on('error', this.#failed)
      .on('close', this.#closed)
      .on('drain', this.#drained)
  }

  #arrived = (bytes: Buffer): void => {
    if (this.#busy) {
      // no more than what was read already
      this.#socket.pause()
      this.#rest = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes
      return
    }
    const request = plainRequest(bytes.toString('latin1'))
    this.#busy = true
    this.#since = performance.now()
    if (!request || !this.#deps.answer(request, this.#source, this.#done)) this.#leave(bytes)
  }

  #done = (status: number, text: string): void => {
    const socket = this.#socket
    this.#busy = false
    this.#answered = true
    this.#since = performance.now()
    if (socket.destroyed) return
    const bytes = Buffer.byteLength(text)
    const fits = socket.write(this.#deps.head(status, bytes) + text, bytes === text.length ? 'latin1' : 'utf8')
    if (this.#ended || this.#deps.closing()) return void socket.end()
    const rest = this.#rest
    this.#rest = undefined
    // who asks and does not read the answers waits until they have gone
    if (fits) socket.resume()
    else socket.pause()
    if (rest) this.#arrived(rest)
  }

  #leave(bytes: Buffer): void {
    const socket = this.#socket
    socket
      .off('data', this.#arrived)
      .off('end', this.#finished)
      .off('error', this.#failed)
      .off('close', this.#closed)
      .off('drain', this.#drained)
    this.#deps.gone(this)
    socket.pause()
    socket.unshift(bytes)
    this.#deps.handOver(socket)
    socket.resume()
  }

  #finished = (): void => {
    this.#ended = true
    if (!this.#busy) this.#socket.end()
  }
  #failed = (): void => void this.#socket.destroy()
  #closed = (): void => this.#deps.gone(this)
  #drained = (): void => {
    if (!this.#busy) this.#socket.resume()
  }

  /** Ends it when nothing is under way: at once, or when nothing happened for so long. */
  endIdle(now = Number.POSITIVE_INFINITY, firstMs = 0, nextMs = 0): void {
    if (!this.#busy && now - this.#since > (this.#answered ? nextMs : firstMs)) this.#socket.destroySoon()
  }
}
