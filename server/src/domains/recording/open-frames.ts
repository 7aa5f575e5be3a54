import {
  type ChunkBlock,
  type Compression,
  decodeFrames,
  type Finding,
  type FrameBody,
  type HeaderBlock,
  type SegmentFacts,
} from '../../protocols/recording/index.ts'
import { openChunk } from './seal-block.ts'
import type { SegmentKeys } from './segment-keys.ts'

/** A frame at its time: `at` in microseconds since 1970, for a command that of Enter, for a statement that of its start or end. */
export type RecordedFrame = FrameBody & { at: number }

/** What of a segment's header places and opens its chunks. */
export interface OpenSegment {
  recording: string
  compression: Compression
  /** Microseconds since 1970. */
  started: number
}

export const startOf = (facts: SegmentFacts): number => Date.parse(facts.started) * 1000

export const segmentOf = ({ header: { facts, compression } }: HeaderBlock): OpenSegment => ({
  recording: facts.recording,
  compression,
  started: startOf(facts),
})

/** The frames of a chunk; none of one that these keys are not for. A finding where its tag or what was sealed is not right. */
export async function openFrames(
  { block: { chunk, from, to }, bytes }: { block: ChunkBlock; bytes: Uint8Array },
  { recording, compression, started }: OpenSegment,
  keys: Pick<SegmentKeys, 'viewers' | 'officers'>,
): Promise<RecordedFrame[] | Finding> {
  const key = keys[chunk.stream]
  if (!key) return []
  const plain = await openChunk(bytes, { chunk, recording, compression, key })
  if (plain === 'sealed') return { code: 'recording.chunk_altered', chunk: chunk.index, from, to }
  const decoded = plain === 'unreadable' ? { bad: 0 } : decodeFrames(plain, chunk.stream)
  if ('bad' in decoded) return { code: 'recording.chunk_unreadable', chunk: chunk.index, from, to }
  let at = started + chunk.at
  return decoded.frames.map((frame) => {
    at += frame.dt
    return { ...frame, at: 'ago' in frame ? at - frame.ago : at }
  })
}
