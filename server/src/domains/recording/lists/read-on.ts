import { type Block, type ByteSource, blockAt, type Finding } from '../../../protocols/recording/index.ts'
import { openFrames, type RecordedFrame } from '../open-frames.ts'
import type { Outlined } from '../replay/outline.ts'
import { headerIsOurs } from '../seal-block.ts'
import { deriveSegmentKeys, type ReaderKeys, type SegmentKeys, wipeSegmentKeys } from '../segment-keys.ts'

interface Opened {
  block: Block
  frames: readonly RecordedFrame[]
}

/** What `make` makes of what a recording holds behind where an outline of it ends; a finding where that does not go on from there. */
export async function madeOfTheRest<T>(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  outline: Outlined,
  make: (blocks: AsyncGenerator<Opened, void>) => Promise<T>,
): Promise<T | Finding> {
  const reading = readOn(source, viewers, outline)
  let finding: Finding | undefined
  async function* blocks() {
    finding = yield* reading
  }
  const made = await make(blocks())
  return finding ?? made
}

/**
 * What a recording holds behind where an outline of it ends: its chain goes on at the outline's last hash, and each tag is right, or nothing more is given and it returns what is not.
 * A block that is not there to its end is one that is being written, or was when somebody was killed.
 */
async function* readOn(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  { recording, bytes, head, chunks, segments }: Outlined,
): AsyncGenerator<Opened, Finding | undefined> {
  let segment = segments.at(-1)
  let [at, previous, index] = [bytes, head, chunks]
  let keys: SegmentKeys | undefined
  const derive = async (one: { n: number; salt: Uint8Array }) => {
    if (keys) wipeSegmentKeys(keys)
    keys = await deriveSegmentKeys({ viewers }, { recording, segment: one.n, salt: one.salt })
    return keys
  }
  try {
    while (at < source.size) {
      const here = await blockAt(source, at)
      if (here === 'torn') return undefined
      const altered: Finding = { code: 'recording.chunk_altered', chunk: index, from: at, to: source.size }
      if (here === 'bad' || Buffer.from(here.block.previous).toString('hex') !== previous) return altered
      const { block, bytes: sealed } = here
      if (block.what === 'header') {
        const { facts, segment: n, salt, compression } = block.header
        if (n !== (segment?.n ?? 0) + 1 || facts.recording !== recording || !headerIsOurs(sealed, await derive({ n, salt })))
          return { code: 'recording.header_altered', from: block.from, to: block.to }
        segment = { n, salt: Buffer.from(salt).toString('hex'), compression, started: Date.parse(facts.started) * 1000 }
        yield { block, frames: [] }
      } else {
        if (!segment || block.chunk.segment !== segment.n || block.chunk.index !== index) return altered
        const opening = keys ?? (await derive({ n: segment.n, salt: Buffer.from(segment.salt, 'hex') }))
        const frames = await openFrames({ block, bytes: sealed }, { recording, ...segment }, opening)
        if (!Array.isArray(frames)) return frames
        index += 1
        yield { block, frames }
      }
      at = block.to
      previous = block.hash.toString('hex')
    }
    return undefined
  } finally {
    if (keys) wipeSegmentKeys(keys)
  }
}
