import type { Clock } from '../../kernel/clock.ts'
import type { Compression, RecordingKind } from '../../protocols/recording/index.ts'
import type { RecordingKeys } from './segment-keys.ts'

export interface RecordingFacts {
  recording: string
  session: string
  columns: number
  rows: number
  /** Ids of the two data keys. */
  keys: { viewers: string; officers: string }
}

export interface RecordingOptions {
  /** `<folder>/<recording id>.clvr`; the folder is there. */
  path: string
  facts: RecordingFacts
  /** 32 bytes each; not wiped, they stay the caller's. */
  keys: RecordingKeys
  clock: Clock
  /** `terminal` when not given. */
  kind?: RecordingKind
  /** False for a session without a terminal: nothing echoes, so all input is unproven. */
  terminal: boolean
  /** Of an exec session: recorded as given. */
  command?: string
  /** Card numbers and codes are masked before anything is written (docs/security.md). */
  withoutCards?: boolean
  compression?: Compression
  /** Goes on with an interrupted recording of this path, in a new segment. */
  resume?: boolean
  /** Milliseconds that a frame waits at most before it is on its way to the disk. */
  flushEvery?: number
}
