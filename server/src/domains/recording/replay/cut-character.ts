/** The first bytes of a character that has not all come, at the end of what was shown so far; at most three. */
export function cutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    // a first byte says how long its character is; what goes on with one begins with 10
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0
    if (length > 0) return length > back ? bytes.subarray(bytes.length - back) : new Uint8Array()
    if (byte >= 0xc0) break
  }
  return new Uint8Array()
}
