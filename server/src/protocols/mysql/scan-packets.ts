import { longestPacket } from './commands.ts'

/** What a scanner asks as each packet passes. */
export interface PacketSink {
  /** A packet begins: the length of its body and the first byte of it, -1 where it has none. Answers how many bytes of the body to collect; undefined when it does not belong here. */
  begin(length: number, first: number): number | undefined
  /** The beginning of a body, as long as was asked for; it is the sink's only during this call. False when it does not belong here. */
  collected(body: Buffer, length: number): boolean
}

/**
 * Finds the packets in what a server says after the login (MySQL docs, "MySQL Packets"). Looks at heads where they are and copies nothing, except what
 * the sink asked for and what is cut over several chunks. What continues a packet of the greatest length is not told.
 */
export class PacketScanner {
  readonly #sink: PacketSink
  readonly #head = Buffer.alloc(4)
  #headBytes = 0
  #left = 0
  #length = 0
  #wanted = 0
  #pieces: Buffer[] = []
  /** The first byte of the body was not seen yet. */
  #fresh = false
  /** The packet before was of the greatest length: this one goes on with it. */
  #continues = false
  #sequence = 0

  constructor(sink: PacketSink) {
    this.#sink = sink
  }

  /** Bytes of the current packet that are still to come. */
  get left(): number {
    return this.#left
  }

  /** True when the last byte that was scanned ended a packet, with all that continues it. */
  get between(): boolean {
    return this.#left === 0 && this.#headBytes === 0 && !this.#continues
  }

  /** The number that a packet behind the last one has. */
  get nextSequence(): number {
    return (this.#sequence + 1) & 255
  }

  /** A new exchange begins with the client's packet 0. */
  restart(): void {
    this.#sequence = 0
  }

  /** False when what comes is not what was waited for: nothing behind it can be understood. */
  scan(chunk: Buffer): boolean {
    let at = 0
    const to = chunk.length
    while (at < to) {
      if (this.#left > 0) {
        if (this.#fresh && !this.#begin(this.#length, chunk[at] as number)) return false
        const take = Math.min(this.#left, to - at)
        if (this.#wanted > 0 && !this.#collect(chunk, at, take)) return false
        this.#left -= take
        at += take
        continue
      }
      if (this.#headBytes === 0 && to - at >= 4) {
        this.#length = (chunk[at] as number) | ((chunk[at + 1] as number) << 8) | ((chunk[at + 2] as number) << 16)
        this.#sequence = chunk[at + 3] as number
        at += 4
      } else {
        const take = Math.min(4 - this.#headBytes, to - at)
        chunk.copy(this.#head, this.#headBytes, at, at + take)
        this.#headBytes += take
        at += take
        if (this.#headBytes < 4) return true
        this.#headBytes = 0
        this.#length = this.#head.readUIntLE(0, 3)
        this.#sequence = this.#head[3] as number
      }
      const continuing = this.#continues
      this.#continues = this.#length === longestPacket
      this.#left = this.#length
      this.#wanted = 0
      this.#fresh = !continuing
      if (this.#fresh && this.#length === 0 && !this.#begin(0, -1)) return false
    }
    return true
  }

  #begin(length: number, first: number): boolean {
    this.#fresh = false
    const wanted = this.#sink.begin(length, first)
    if (wanted === undefined) return false
    this.#wanted = Math.min(wanted, length)
    return true
  }

  #collect(chunk: Buffer, at: number, take: number): boolean {
    const before = this.#length - this.#left
    if (before === 0 && take >= this.#wanted) return this.#give(chunk.subarray(at, at + this.#wanted))
    this.#pieces.push(Buffer.from(chunk.subarray(at, at + Math.min(take, this.#wanted - before))))
    if (before + take < this.#wanted) return true
    const body = Buffer.concat(this.#pieces)
    this.#pieces = []
    return this.#give(body)
  }

  #give(body: Buffer): boolean {
    this.#wanted = 0
    return this.#sink.collected(body, this.#length)
  }
}
