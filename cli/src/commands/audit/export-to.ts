import { audit } from '@claviger/api'
import { download } from '../../kit/download.ts'
import type { Shell } from '../../kit/shell.ts'
import { parseLine, readHeader } from '../../verify/lines.ts'

export interface Exported {
  bytes: number
  lines: number
  /** The newest checkpoint, from the header. */
  checkpoint: string | undefined
  size: number
}

/** Of the header, which is the first line. */
const longestHeader = 65_536

/** Streams the whole log into a file, which appears only when it is complete. The log may be larger than memory. */
export async function exportTo(shell: Shell, file: string): Promise<Exported> {
  let lines = 0
  let first = Buffer.alloc(0)
  const see = (piece: Uint8Array) => {
    if (lines === 0 && first.length < longestHeader) first = Buffer.concat([first, piece])
    for (const byte of piece) if (byte === 10) lines += 1
  }
  const saving = download(shell, { path: audit.exportLedger.path, out: file, what: 'The export', see })
  const bytes = await shell.progress.during('Exporting the audit log', saving)
  const header = parseLine(first.toString().split('\n')[0] ?? '')
  const read = header && readHeader(header)
  return { bytes, lines, checkpoint: read ? String(header.checkpoint) : undefined, size: read?.size ?? 0 }
}
