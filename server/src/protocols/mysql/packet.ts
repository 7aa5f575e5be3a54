/** The largest packet that a login consists of is far smaller; a longer one is no login. */
export const longestLoginPacket = 16_384

/** A packet's head: 3 bytes of length, little-endian, and its number in the exchange (MySQL docs, "MySQL Packets"). */
export function packet(sequence: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = sequence & 255
  return Buffer.concat([head, body])
}

export const readHead = (head: Buffer): { length: number; sequence: number } => ({
  length: head.readUIntLE(0, 3),
  sequence: head[3] as number,
})

/** Text up to a zero byte; undefined where none follows. */
export function textAt(body: Buffer, start: number): { text: string; next: number } | undefined {
  const end = body.indexOf(0, start)
  return end < 0 ? undefined : { text: body.toString('utf8', start, end), next: end + 1 }
}

/** A length-encoded integer (MySQL docs, "Integer Types") of at most 32 bits' worth; undefined where there is none. A larger one is given as far as a number goes. */
export function integerAt(body: Buffer, at: number): { value: number; next: number } | undefined {
  const first = body[at]
  if (first === undefined || first === 0xfb || first === 0xff) return undefined
  if (first < 0xfb) return { value: first, next: at + 1 }
  const size = first === 0xfc ? 2 : first === 0xfd ? 3 : 8
  if (at + 1 + size > body.length) return undefined
  const value = size === 8 ? Number(body.readBigUInt64LE(at + 1)) : body.readUIntLE(at + 1, size)
  return { value, next: at + 1 + size }
}
