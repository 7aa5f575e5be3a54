import { canonical, type Plain } from '../../kernel/canonical.ts'

/** How far a recording reached at some moment: so many chunks, and the SHA-256 of the last block in hex. */
export interface Head {
  chunks: number
  head: string
}

/** What happened in a recording, in numbers: bytes for the first three, frames for the others. */
export interface Counts {
  output: number
  proven: number
  unproven: number
  resizes: number
  commands: number
  events: number
  /** In the recording of an SQL session only. */
  statements?: number
  /** In the recording of a transfer of files only: what was done to one. */
  files?: number
}

/** What the keeper signs when a session has ended (docs/formats.md, Ends). */
export interface Manifest extends Head {
  format: 'claviger recording manifest 1'
  recording: string
  session: string
  complete: boolean
  segments: number
  bytes: number
  started: string
  ended: string
  /** Milliseconds. */
  durations: { wall: number; monotonic: number }
  counts: Counts
}

export const noCounts = (): Counts => ({ output: 0, proven: 0, unproven: 0, resizes: 0, commands: 0, events: 0 })

/** The bytes to sign. */
export const manifestBytes = (manifest: Manifest): Buffer => Buffer.from(canonical(manifest as unknown as Plain))
