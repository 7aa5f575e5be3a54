/** What a scanner asks as each message passes, and whom it gives what it was asked for. */
export interface MessageSink {
  /** A message begins: its type letter and the length of its body. Answers how many bytes of the body to collect, 0 for none. */
  begin(type: number, length: number): number
  /** The beginning of a body, as long as was asked for; it is the sink's only during this call. Not called where 0 was asked for. */
  collected(type: number, body: Buffer, length: number): void
}

/**
 * Finds the messages in one direction of a connection after its startup (PostgreSQL docs, "Message Flow"): a letter, four
 * bytes of length that count themselves, a body. Looks at headers where they are and copies nothing, except bodies that
 * the sink asked for and that are cut over several chunks.
 */
export class MessageScanner {
  readonly #sink: MessageSink
  readonly #header = Buffer.alloc(5)
  #headerBytes = 0
  #left = 0
  #type = 0
  #length = 0
  #wanted = 0
  #pieces: Buffer[] = []

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  /** Bytes of the current message's body that are still to come. */
  get left(): number {
    return this.#left
  }

  /** True when the last byte that was scanned ended a message. */
  get between(): boolean {
    return this.#left === 0 && this.#headerBytes === 0
  }

  /** Scans `chunk` from `from` to `to`. False when what comes is no message: nothing behind it can be understood. */
  scan(chunk: Buffer, from = 0, to = chunk.length): boolean {
    let at = from
    while (at < to) {
      if (this.#left > 0) {
        at = this.#body(chunk, at, to)
        continue
      }
      let header = chunk
      let start = at
      if (this.#headerBytes === 0 && to - at >= 5) at += 5
      else {
        const take = Math.min(5 - this.#headerBytes, to - at)
        chunk.copy(this.#header, this.#headerBytes, at, at + take)
        this.#headerBytes += take
        at += take
        if (this.#headerBytes < 5) return true
        this.#headerBytes = 0
        header = this.#header
        start = 0
      }
      const length = header.readInt32BE(start + 1) - 4
      if (length < 0) return false
      this.#begin(header[start] as number, length)
    }
    return true
  }

  #begin(type: number, length: number): void {
    const wanted = this.#sink.begin(type, length)
    if (wanted > 0 && length === 0) this.#sink.collected(type, none, 0)
    this.#type = type
    this.#length = length
    this.#left = length
    this.#wanted = Math.min(wanted, length)
  }

  #body(chunk: Buffer, at: number, to: number): number {
    const take = Math.min(this.#left, to - at)
    const before = this.#length - this.#left
    this.#left -= take
    if (this.#wanted > 0) {
      if (before === 0 && this.#left === 0) {
        this.#sink.collected(this.#type, chunk.subarray(at, at + this.#wanted), this.#length)
      } else {
        const keep = Math.min(take, this.#wanted - before)
        if (keep > 0) this.#pieces.push(Buffer.from(chunk.subarray(at, at + keep)))
        if (this.#left === 0) {
          const body = Buffer.concat(this.#pieces)
          this.#pieces = []
          this.#sink.collected(this.#type, body, this.#length)
        }
      }
    }
    return at + take
  }
}

const none = Buffer.alloc(0)
