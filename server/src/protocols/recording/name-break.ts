import { type Block, type ByteSource, blockAt, type ChunkBlock, type Gap } from './block.ts'
import { chunkFixed, chunkPrevious } from './chunk-header.ts'
import { blockHash } from './hash.ts'
import type { Finding, Verdict } from './verdict.ts'

/** The chain was followed up to `list[place - 1]`; `list[place]` does not go on from there. */
export interface Break {
  source: ByteSource
  list: readonly (Block | Gap)[]
  place: number
  verdict: Verdict
  /** Hashes, in hex, for which someone outside vouches. */
  vouched: ReadonlySet<string>
}

/** Says what was done to the file at a break, and where: the smallest range that the blocks around it allow to name. */
export async function nameBreak(at: Break): Promise<Finding> {
  const { list, place, verdict } = at
  const here = list[place] as Block | Gap
  const before = list[place - 1] as Block | undefined

  const length = before?.what === 'chunk' ? await changedLength(at, before) : undefined
  if (length) return length
  if (here.what === 'gap' || !before) return altered(here, verdict)

  const links = (block: Block | Gap | undefined, to: Block) => block !== undefined && block.what !== 'gap' && to.hash.equals(block.previous)
  // it follows the right block and yet says that it stands elsewhere: its own fields were changed
  if (links(here, before)) return altered(here, verdict)

  const next = list[place + 1]
  if (links(next, before) && !isMoved(at, here))
    return { code: 'recording.chunk_inserted', chunk: verdict.chunks, from: here.from, to: here.to }
  if (place >= 2 && links(here, list[place - 2] as Block) && !inOrder(here, verdict)) {
    // two blocks claim the same predecessor: the one that this one does not know was put between
    return { code: 'recording.chunk_inserted', chunk: verdict.chunks - 1, from: before.from, to: before.to }
  }
  if (inOrder(here, verdict)) return await changedHere(at, here, before)
  return misplaced(at, here)
}

const altered = (here: Block | Gap, { chunks, segments }: Verdict): Finding => {
  const header = here.what === 'header' || segments === 0
  return {
    code: header ? 'recording.header_altered' : 'recording.chunk_altered',
    ...(header ? {} : { chunk: chunks }),
    from: here.from,
    to: here.to,
  }
}

/** Right place, wrong link: either the block before was changed, or this one's own `previous`. */
async function changedHere(at: Break, here: Block, before: Block): Promise<Finding> {
  const { source, list, place, verdict, vouched } = at
  const next = list[place + 1]
  const knows = (hash: Buffer) =>
    (next && next.what !== 'gap' && hash.equals(next.previous)) || (!next && vouched.has(hash.toString('hex')))
  const offset = here.what === 'chunk' ? chunkPrevious : 44

  const mended = Buffer.from(await source.read(here.from, here.to - here.from))
  mended.set(before.hash, offset)
  if (knows(blockHash(mended))) return { ...altered(here, verdict), from: here.from + offset, to: here.from + offset + 32 }

  const earlier = altered(before, { ...verdict, chunks: verdict.chunks - 1 })
  // nobody vouches for this block: then both are in doubt
  return knows(here.hash) ? earlier : { ...earlier, to: here.to }
}

/** The one that belongs here stands later, and this one nowhere else. */
function isMoved({ list, place, verdict }: Break, here: Block): boolean {
  if (here.what !== 'chunk' || here.chunk.index <= verdict.chunks) return false
  const elsewhere = (index: number) => list.some((block, at) => at !== place && block.what === 'chunk' && block.chunk.index === index)
  return elsewhere(verdict.chunks) && !elsewhere(here.chunk.index)
}

/** A block of ours from another place of this file, or from nowhere. */
function misplaced(at: Break, here: Block): Finding {
  const { chunks } = at.verdict
  const { from, to } = here
  if (here.what === 'header') return { code: 'recording.header_altered', from, to }
  const { index } = here.chunk
  if (isMoved(at, here))
    return { code: 'recording.chunk_moved', chunk: chunks, from, to, detail: `chunk ${index} stands in the place of chunk ${chunks}` }
  if (index <= chunks) return { code: 'recording.chunk_inserted', chunk: chunks, from, to }
  return { code: 'recording.chunk_removed', chunk: chunks, from, to: from, detail: `chunks ${chunks} to ${index - 1} are missing` }
}

/** A changed length makes one chunk swallow the next ones, or end too early: found by the block that knows its true hash. */
async function changedLength({ source, verdict }: Break, before: ChunkBlock): Promise<Finding | undefined> {
  const room = Buffer.from(await source.read(before.from, 1024 * 1024))
  for (let end = room.indexOf('CLV', chunkFixed); end >= 0; end = room.indexOf('CLV', end + 1)) {
    if (end === before.to - before.from) continue
    const follower = await blockAt(source, before.from + end)
    if (typeof follower !== 'object') continue
    const mended = Buffer.from(room.subarray(0, end))
    mended.writeUInt32BE(end - chunkFixed, 28)
    if (!blockHash(mended).equals(follower.block.previous)) continue
    return { code: 'recording.chunk_altered', chunk: verdict.chunks - 1, from: before.from + 28, to: before.from + 32 }
  }
  return undefined
}

/** Whether a block's own fields say that it comes next. */
export function inOrder(block: Block, so: Verdict): boolean {
  if (block.what === 'chunk') return isNext(block, so)
  const { segment, facts } = block.header
  return segment === so.segments + 1 && (!so.facts || (facts.recording === so.facts.recording && facts.session === so.facts.session))
}

const isNext = ({ chunk }: ChunkBlock, so: Verdict): boolean => chunk.index === so.chunks && chunk.segment === so.segments
