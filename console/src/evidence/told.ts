import { type Bytes, fromBase64 } from '../ledger/bytes.ts'

/** What stands in the page beside the recording (docs/formats.md, A page of evidence). Nothing of it is believed before it is verified. */
export interface Told {
  format: 'claviger-evidence'
  version: 1
  /** JSON, as the text whose SHA-256 stands in the ledger. */
  facts: string
  log: string
  verifierKey: string
  checkpoint: string
  entries: { place: number; id: string; bytes: string; path: string[] }[]
  recording: { id: string; bytes: number }
  segments: { segment: number; key: string }[]
}

export interface Facts {
  exported: { at: string; by: { id: string; name: string } }
  session: {
    id: string
    person: { id: string; name: string; displayName: string }
    account: string
    target: string
    door: string
    way: string
    kind: string
    database: string | null
    grant: string
    request: string
    state: string
    openedAt: string
    endedAt: string | null
    endReason: string | null
    exitStatus: number | null
  }
}

/** A range of bytes of the recording, `to` not included. */
export interface Range {
  from: number
  to: number
}

/** Bytes of the recording in one line. */
const lineBytes = 49_152

const textOf = (id: string): string => document.getElementById(id)?.textContent ?? ''

export function readTold(): Told | undefined {
  try {
    const told = JSON.parse(textOf('told')) as Told
    return told.format === 'claviger-evidence' && told.version === 1 ? told : undefined
  } catch {
    return undefined
  }
}

/** The sealed bytes; `broken` where a line is no base64 or not as long as each but the last one is. */
export function readRecording(): { bytes: Bytes; broken?: Range } {
  const lines = textOf('recording')
    .split('\n')
    .filter((line) => line !== '')
  const bytes = new Uint8Array(lines.length * lineBytes)
  let size = 0
  for (const [n, line] of lines.entries()) {
    const broken = { from: n * lineBytes, to: (n + 1) * lineBytes }
    try {
      const piece = fromBase64(line)
      if (piece.length > lineBytes || (piece.length < lineBytes && n < lines.length - 1)) return { bytes: bytes.slice(0, size), broken }
      bytes.set(piece, size)
      size += piece.length
    } catch {
      return { bytes: bytes.slice(0, size), broken }
    }
  }
  return { bytes: bytes.slice(0, size) }
}
