/*
 * An archive is a tar file (POSIX.1-1988 ustar) of plain files, so that anybody reads it with any tar. What is long is cut into pieces, since a
 * tar header says a length before what it is about, and a table's is known only at its end: `cat database/public.person/*` joins them again.
 */

/** No piece is longer: whoever reads an archive holds one of them in memory. */
export const pieceBytes = 1 << 20
const block = 512

export interface ArchiveFile {
  /** At most 100 bytes. */
  name: string
  bytes: Uint8Array
}

/** The archive's bytes, with the two empty blocks at its end. Times and owners are zero: nobody unpacks it as root. */
export async function* writeArchive(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes } of files) {
    yield headerOf(name, bytes.length)
    if (bytes.length === 0) continue
    yield bytes
    const rest = bytes.length % block
    if (rest > 0) yield Buffer.alloc(block - rest)
  }
  yield Buffer.alloc(2 * block)
}

/** Cuts what comes into pieces `NAME/000000`, `NAME/000001`, …; none where nothing comes. */
export async function* inPieces(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveFile> {
  let held: Uint8Array[] = []
  let length = 0
  let number = 0
  const piece = (): ArchiveFile => ({ name: pieceName(name, number++), bytes: Buffer.concat(held) })
  for await (let bytes of source) {
    while (bytes.length > 0) {
      const part = bytes.subarray(0, pieceBytes - length)
      held.push(part)
      length += part.length
      bytes = bytes.subarray(part.length)
      if (length < pieceBytes) continue
      yield piece()
      held = []
      length = 0
    }
  }
  if (length > 0) yield piece()
}

export const pieceName = (name: string, number: number): string => `${name}/${String(number).padStart(6, '0')}`

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(block)
  if (header.write(name, 0, 100, 'utf8') !== Buffer.byteLength(name)) throw new Error(`${name} is too long a name for an archive`)
  const octal = (value: number, at: number, length: number) => header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii')
  octal(0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write('0', 156, 'ascii')
  header.write('ustar\x0000', 257, 'ascii')
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return header
}

/** Of a header, its own eight bytes taken as spaces. */
export function checksum(header: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] ?? 0)
  return sum
}
