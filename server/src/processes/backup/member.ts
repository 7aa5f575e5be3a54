import { type ArchiveFile, inPieces } from '../../platform/archive/write-archive.ts'
import { sha256OfParts } from '../../platform/crypto/hash.ts'
import type { BackupMember } from './manifest.ts'

/** Passes a member on in pieces, and notes what the manifest says of it once it is through. */
export async function* memberOf(
  name: string,
  source: AsyncIterable<Uint8Array>,
  note: (member: BackupMember) => void,
  countRows = false,
): AsyncGenerator<ArchiveFile> {
  const digest = sha256OfParts()
  let [bytes, pieces, rows] = [0, 0, 0]
  for await (const piece of inPieces(name, source)) {
    digest.update(piece.bytes)
    bytes += piece.bytes.length
    pieces += 1
    if (countRows) rows += lines(piece.bytes)
    yield piece
  }
  note({ name, pieces, bytes, sha256: digest.hex(), rows: countRows ? rows : null })
}

/** COPY's text format writes a newline inside a value as two other characters: each that is there ends a row. */
function lines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}
