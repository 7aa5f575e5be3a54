/** RFC 8878 section 3.1.1.2.4: no block is longer. */
const longestBlock = 128 * 1024

/**
 * The bytes as they are, as one zstd frame (RFC 8878) of raw blocks: what does not compress is stored at the price of a few bytes, and every
 * reader of zstd takes it. Gives the parts of the frame; the bytes are not copied.
 */
export function storedFrame(plain: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(9)
  head.writeUInt32LE(0xfd2fb528)
  head[4] = 0xa0 // single segment, and four bytes for the length of the content
  head.writeUInt32LE(plain.length, 5)
  const parts: Uint8Array[] = [head]
  let from = 0
  do {
    const block = plain.subarray(from, from + longestBlock)
    from += block.length
    const blockHead = Buffer.alloc(3)
    blockHead.writeUIntLE((block.length << 3) | (from >= plain.length ? 1 : 0), 0, 3)
    parts.push(blockHead, block)
  } while (from < plain.length)
  return parts
}
