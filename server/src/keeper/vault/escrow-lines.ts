const lineBreak = 0x0a

/**
 * The lines of the escrow as views of its bytes. Not as one text: with files in the vault it becomes longer than JavaScript's longest string, half a
 * gigabyte, and then nothing could be put back. The last one is what stands behind the last line break.
 */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(lineBreak); at !== -1; at = bytes.indexOf(lineBreak, from)) {
    lines.push(bytes.subarray(from, at))
    from = at + 1
  }
  lines.push(bytes.subarray(from))
  return lines
}

/** The same the other way round: a line break between two. */
export const joinLines = (lines: readonly Uint8Array[]): Buffer =>
  Buffer.concat(lines.flatMap((line, at) => (at === 0 ? [line] : [Buffer.of(lineBreak), line])))
