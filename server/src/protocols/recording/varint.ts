/** The bytes that `value` takes as a varint (docs/formats.md, Frames): seven bits each, at least one. */
export function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}

/** Writes a whole number from 0 to 2^53 - 1 at `at`; gives the offset after it. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no varint`)
  let offset = at
  let rest = value
  // divisions rather than shifts: a shift would cut the number to 32 bits
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) into[offset++] = (rest % 0x80) | 0x80
  into[offset++] = rest
  return offset
}

export function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(varintSize(value))
  writeVarint(bytes, 0, value)
  return bytes
}

/** Undefined when the bytes end within it, or when it is beyond 2^53 - 1. */
export function readVarint(from: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0
  let scale = 1
  for (let offset = at; offset < from.length && offset < at + 8; offset++) {
    const byte = from[offset] as number
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, next: offset + 1 } : undefined
    scale *= 0x80
  }
  return undefined
}
