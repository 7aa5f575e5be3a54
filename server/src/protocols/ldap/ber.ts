/** One element in BER's definite form (X.690 8.1): tag, length, content. Content up to 64 KiB: nothing that we write is longer. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  if (length > 0xffff) throw new RangeError(`an element of ${length} bytes`)
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), ...parts])
}

export interface Element {
  tag: number
  content: Uint8Array
  rest: Uint8Array
}

/** The first element of `bytes`; undefined when it is not whole, indefinite, or longer than its bytes. */
export function readElement(bytes: Uint8Array): Element | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined || first === 0x80 || first > 0x84) return undefined
  const long = first > 0x80 ? first - 0x80 : 0
  const start = 2 + long
  if (bytes.length < start) return undefined
  let length = long === 0 ? first : 0
  for (const byte of bytes.subarray(2, start)) length = length * 256 + byte
  if (bytes.length < start + length) return undefined
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) }
}
