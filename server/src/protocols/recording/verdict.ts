import type { Head, Manifest } from './manifest.ts'
import type { SegmentFacts } from './segment-header.ts'

/*
 * Terminology
 *
 * - intact: ended in order, and nothing contradicts it
 * - interrupted: not ended in order; what is there fits together
 * - altered: someone changed the file, or it is not the file it should be; the finding names the first place
 * - anchored: something from outside (manifest, head entry) vouches for the last chunk
 */
export type FindingCode =
  | 'recording.not_a_recording'
  | 'recording.header_altered'
  | 'recording.chunk_altered'
  | 'recording.chunk_removed'
  | 'recording.chunk_inserted'
  | 'recording.chunk_moved'
  | 'recording.bytes_after_end'
  | 'recording.cut_back'
  | 'recording.rewritten'
  | 'recording.other_recording'
  | 'recording.wrong_manifest'
  | 'recording.wrong_key'
  | 'recording.chunk_unreadable'

/** The first place where a recording is not what it should be. `from` to `to` is a byte range of the file, `to` not included. */
export interface Finding {
  code: FindingCode
  /** Index of the first chunk concerned; absent when it is not about one. */
  chunk?: number
  from: number
  to: number
  /** The id, number or hash that was expected, and what is there. */
  detail?: string
}

export interface Verdict {
  state: 'intact' | 'interrupted' | 'altered'
  anchored: boolean
  /** Of the first segment, once its header was read. */
  facts?: SegmentFacts
  segments: number
  chunks: number
  /** Length up to and with the last block that fits. */
  bytes: number
  /** Hex SHA-256 of that block; empty when there is none. */
  head: string
  /** What follows the last whole block of an interrupted recording. */
  tail?: { from: number; to: number }
  finding?: Finding
}

/** What is known from outside of the file. */
export interface Expected {
  manifest?: Manifest | undefined
  heads?: readonly Head[] | undefined
}
