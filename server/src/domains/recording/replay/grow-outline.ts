import type { Block, ByteSource, Finding } from '../../../protocols/recording/index.ts'
import { madeOfTheRest } from '../lists/read-on.ts'
import type { RecordedFrame } from '../open-frames.ts'
import type { ReaderKeys } from '../segment-keys.ts'
import { blockWorth, type Made, outlineWith } from './make-outline.ts'
import type { Outline, ReplayScreen } from './outline.ts'

/**
 * The outline with what the recording holds behind it by now, from the screen on that stood at its end: of a session of hours only what came since is read, and of that no more
 * than is worth `most`, as stretches are counted. A finding where that does not go on from where the outline ends.
 */
export async function growOutline(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  outline: Outline,
  end: ReplayScreen,
  most = Number.POSITIVE_INFINITY,
): Promise<Made | Finding> {
  return await madeOfTheRest(source, viewers, outline, (blocks) => outlineWith(upTo(blocks, most), outline, end))
}

interface Opened {
  block: Block
  frames: readonly RecordedFrame[]
}

async function* upTo(blocks: AsyncIterable<Opened>, most: number): AsyncGenerator<Opened> {
  let left = most
  for await (const one of blocks) {
    yield one
    left -= blockWorth
    for (const frame of one.frames) if (frame.kind === 'output') left -= frame.bytes.length
    if (left <= 0) return
  }
}
