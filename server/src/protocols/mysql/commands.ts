/** What a client asks for: the first byte of a command (MySQL docs, "Command Phase"). */
export const command = {
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  fieldList: 0x04,
  statistics: 0x09,
  processKill: 0x0c,
  ping: 0x0e,
  changeUser: 0x11,
  binlogDump: 0x12,
  registerSlave: 0x15,
  prepare: 0x16,
  execute: 0x17,
  longData: 0x18,
  closeStatement: 0x19,
  resetStatement: 0x1a,
  setOption: 0x1b,
  fetch: 0x1c,
  binlogDumpGtid: 0x1e,
  resetConnection: 0x1f,
} as const

/** A packet of so many bytes is followed by more of the same. */
export const longestPacket = 0xffffff

/**
 * Puts a client's commands together: each begins a new exchange with the number 0. A whole command in one chunk is given as it lies there. One that is
 * longer than a packet is passed over to its end, and nothing of it is kept.
 */
export class CommandReader {
  #pieces: Buffer[] = []
  #size = 0
  /** Of a command that is passed over: bytes that are still to come, and whether another packet of it follows. */
  #over: { left: number; more: boolean } | undefined
  /** The number of the last packet that was taken. */
  sequence = 0

  /** Bytes that were not taken yet. */
  get size(): number {
    return this.#size
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#pieces.push(chunk)
    this.#size += chunk.length
  }

  /** The next whole command with its head; undefined while it is not there. */
  take(): Buffer | 'malformed' | 'too long' | undefined {
    if (this.#over) return this.#passOver(this.#over)
    if (this.#size < 4) return undefined
    const head = this.#head()
    const length = head.readUIntLE(0, 3)
    if (head[3] !== 0 || length === 0) return 'malformed'
    this.sequence = 0
    if (length === longestPacket) {
      this.#cut(4)
      this.#over = { left: length, more: true }
      return this.#passOver(this.#over)
    }
    return this.#size < 4 + length ? undefined : this.#cut(4 + length)
  }

  #passOver(over: { left: number; more: boolean }): 'malformed' | 'too long' | undefined {
    for (;;) {
      const here = Math.min(over.left, this.#size)
      if (here > 0) this.#drop(here)
      over.left -= here
      if (over.left > 0) return undefined
      if (!over.more) {
        this.#over = undefined
        return 'too long'
      }
      if (this.#size < 4) return undefined
      const head = this.#head()
      over.left = head.readUIntLE(0, 3)
      this.sequence = head[3] as number
      over.more = over.left === longestPacket
      this.#cut(4)
    }
  }

  /** The first piece, with four bytes at least. */
  #head(): Buffer {
    const first = this.#pieces[0] as Buffer
    if (first.length >= 4) return first
    const joined = Buffer.concat(this.#pieces)
    this.#pieces = [joined]
    return joined
  }

  #drop(count: number): void {
    this.#size -= count
    let left = count
    while (left > 0) {
      const first = this.#pieces[0] as Buffer
      if (first.length > left) {
        this.#pieces[0] = first.subarray(left)
        return
      }
      left -= first.length
      this.#pieces.shift()
    }
  }

  #cut(count: number): Buffer {
    const first = this.#pieces[0] as Buffer
    if (first.length === count) {
      this.#pieces.shift()
      this.#size -= count
      return first
    }
    if (first.length < count) this.#pieces = [Buffer.concat(this.#pieces)]
    const whole = (this.#pieces[0] as Buffer).subarray(0, count)
    this.#drop(count)
    return whole
  }
}
