import type { FileBody } from '../../protocols/recording/index.ts'
import type { RecordedFrame } from './open-frames.ts'
import type { RecordingReader } from './recording-reader.ts'

/** What was done to one file, with what came of it. */
export interface RecordedFile extends Omit<FileBody, 'kind' | 'size'> {
  /** Of contents that passed; null where nothing passes. */
  bytes: number | null
  /** When it went to the target. */
  at: Date
  /** The same, in seconds from the start of the recording. */
  seconds: number
  /** Until it had ended; null where no end was recorded. */
  durationMs: number | null
}

/** So many acts may wait for their end at a time; more than a client keeps open. */
const mostOpen = 16_384

/** The acts of a recording, in the order in which they began. One whose end is not recorded stays `open`. */
export const fileList = (reader: RecordingReader): AsyncGenerator<RecordedFile> => filesIn(reader.frames(), reader.startedAt)

/** Those that begin in these frames. `startedAt`: when the recording did, in microseconds since 1970. */
export async function* filesIn(frames: AsyncIterable<RecordedFrame>, startedAt: number): AsyncGenerator<RecordedFile> {
  const waiting = new Map<number, RecordedFile>()
  for await (const frame of frames) {
    if (frame.kind !== 'file') continue
    const { at, n, op, path, to, from, size: bytes, sha256, outcome, message } = frame
    const act = { n, op, path, to, from, bytes, sha256, outcome, message }
    const first = waiting.get(n)
    if (!first) waiting.set(n, { ...act, at: new Date(at / 1000), seconds: Math.max(0, at - startedAt) / 1_000_000, durationMs: null })
    else Object.assign(first, act, { durationMs: Math.max(0, at / 1000 - first.at.getTime()) })
    for (const oldest of waiting.values()) {
      if (oldest.durationMs === null && waiting.size < mostOpen) break
      waiting.delete(oldest.n)
      yield oldest
    }
  }
  yield* waiting.values()
}
