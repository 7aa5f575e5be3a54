/** Cuts a stream of bytes into lines. Strict: bytes that are not UTF-8, a line over 1 MiB, or a missing last newline spoil the line that they are in. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const longest = 1024 * 1024
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      yield text(rest.subarray(start, end))
      start = end + 1
    }
    rest = rest.subarray(start)
    if (rest.length > longest) {
      yield ''
      return
    }
  }
  if (rest.length > 0) yield `${text(rest)} (cut)`
}

function text(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
  } catch {
    return ''
  }
}
