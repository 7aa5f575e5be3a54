import { longestPacket } from './types.ts'

export const lengthBytes = 4

/**
 * Cuts a stream into packets: `uint32 length`, then that many bytes, of which the first is the type. Each is given as it came, with its length in
 * front (`lengthBytes`), in memory of its own or of the pieces that were pushed. Undefined once the stream made no sense; then it never does again.
 */
export class PacketSplitter {
  #pieces: Buffer[] = []
  #waiting = 0
  #bad = false

  push(piece: Buffer): Buffer[] | undefined {
    if (this.#bad) return undefined
    this.#pieces.push(piece)
    this.#waiting += piece.length
    const packets: Buffer[] = []
    for (;;) {
      const length = this.#length()
      if (length === undefined) return packets
      if (length < 1 || length > longestPacket) {
        this.#bad = true
        this.#pieces = []
        return undefined
      }
      if (this.#waiting < lengthBytes + length) return packets
      packets.push(this.#take(lengthBytes + length))
    }
  }

  #length(): number | undefined {
    if (this.#waiting < lengthBytes) return undefined
    const [first] = this.#pieces
    if (first && first.length >= lengthBytes) return first.readUInt32BE(0)
    this.#pieces = [Buffer.concat(this.#pieces)]
    return this.#pieces[0]?.readUInt32BE(0)
  }

  #take(count: number): Buffer {
    const [first] = this.#pieces
    if (!first || first.length < count) this.#pieces = [Buffer.concat(this.#pieces)]
    const whole = this.#pieces[0] as Buffer
    if (whole.length === count) this.#pieces.shift()
    else this.#pieces[0] = whole.subarray(count)
    this.#waiting -= count
    return whole.subarray(0, count)
  }
}
