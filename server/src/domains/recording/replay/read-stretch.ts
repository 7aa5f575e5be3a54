import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type ByteSource, blockAt, bytesInMemory, type Finding } from '../../../protocols/recording/index.ts'
import type { RecordingError } from '../errors.ts'
import { openFrames, type RecordedFrame } from '../open-frames.ts'
import { deriveSegmentKeys, type ReaderKeys, type SegmentKeys, wipeSegmentKeys } from '../segment-keys.ts'
import type { Outlined, Place } from './outline.ts'

/**
 * What happened in one stretch, read by itself. Its blocks are those that the outline was made of, or nothing of them is given: the chain begins at the
 * hash that stood before them, holds from each to the next, and ends at the hash of the last one. So they were not changed, moved, left out or put in.
 */
export async function readStretch(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  outline: Pick<Outlined, 'recording' | 'segments'> & { stretches: readonly Place[] },
  n: number,
): Promise<Result<RecordedFrame[], RecordingError>> {
  const stretch = outline.stretches[n]
  if (!stretch) throw new RangeError('no such stretch')
  const blocks = await wholeBlocks(source, stretch)
  if (!Array.isArray(blocks)) return fail(blocks)
  const keys = new Map<number, SegmentKeys>()
  try {
    const frames: RecordedFrame[] = []
    for (const { block, bytes } of blocks) {
      if (block.what === 'header') continue
      const segment = outline.segments.find((one) => one.n === block.chunk.segment)
      if (!segment) return fail({ code: 'recording.chunk_altered', chunk: block.chunk.index, from: block.from, to: block.to })
      const known = keys.get(segment.n)
      const salt = Buffer.from(segment.salt, 'hex')
      const key = known ?? (await deriveSegmentKeys({ viewers }, { recording: outline.recording, segment: segment.n, salt }))
      keys.set(segment.n, key)
      const opened = await openFrames({ block, bytes }, { recording: outline.recording, ...segment }, key)
      if (!Array.isArray(opened)) return fail(opened)
      frames.push(...opened)
    }
    return ok(frames)
  } finally {
    for (const key of keys.values()) wipeSegmentKeys(key)
  }
}

/** The blocks of a stretch at their places in the file, or where something is not as it was. */
async function wholeBlocks(source: ByteSource, { from, to, before, after, chunk }: Place) {
  const bytes = await source.read(from, to - from)
  const here = bytesInMemory(bytes)
  const blocks = []
  let [previous, at] = [before, 0]
  const altered = (start: number): Finding => ({ code: 'recording.chunk_altered', chunk, from: from + start, to })
  if (bytes.length < to - from) return altered(bytes.length)
  while (at < bytes.length) {
    const found = await blockAt(here, at)
    if (typeof found !== 'object' || Buffer.from(found.block.previous).toString('hex') !== previous) return altered(0)
    const { block } = found
    blocks.push({ block: { ...block, from: from + block.from, to: from + block.to }, bytes: found.bytes })
    previous = block.hash.toString('hex')
    at = block.to
  }
  return previous === after ? blocks : altered(0)
}
