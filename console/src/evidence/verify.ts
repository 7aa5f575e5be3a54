import { type Block, type Chunk, type Finding, type Header, walk } from './blocks.ts'
import { Content } from './content.ts'
import { framesOf } from './frames.ts'
import { openChunk, openingKeys } from './open-chunk.ts'
import { readRecording, type Told } from './told.ts'
import { endStep, type Step, type Vouched, vouch } from './vouch.ts'

export interface Verified {
  vouched: Vouched
  /** All that was checked, in order. */
  steps: Step[]
  /** The first range of the recording that is not what was written. */
  finding: Finding | undefined
  /** The ledger vouches for its last block. */
  whole: boolean
  content: Content
  header: Header | undefined
  chunks: number
  bytes: number
  head: string
}

/** Everything that this page can check by itself: all but whose key it is. */
export async function verify(told: Told, progress: (share: number) => void): Promise<Verified> {
  const vouched = await vouch(told)
  const { manifest, heads, begins } = vouched
  const { bytes, broken } = readRecording()
  const points = [...heads, ...(manifest ? [manifest] : [])]
  const walked = await walk(bytes, new Set(points.map(({ head }) => head)))
  const { blocks } = walked
  const header = blocks.find((block) => block.what === 'header')
  const last = blocks.at(-1)
  const chunks = blocks.filter((block) => block.what === 'chunk').length
  let finding = walked.finding
  if (!finding && broken) finding = { message: 'These bytes stand in the page as no bytes at all.', ...broken }
  if (!finding && header?.facts.recording !== told.recording?.id)
    finding = {
      message: `This is ${header?.facts.recording ?? 'no recording'}; the ledger speaks of ${told.recording?.id}.`,
      from: 0,
      to: header?.to ?? 0,
    }
  if (!finding && begins !== undefined && begins !== header?.hash)
    finding = { message: 'It does not begin as the ledger says that it began.', from: 0, to: header?.to ?? 0 }
  finding ??= against(blocks, points, manifest?.complete ?? false, bytes.length)
  const keys = await openingKeys(told.segments ?? [])
  const read = await readContent(bytes, blocks, keys, progress)
  if (read.finding && (!finding || read.finding.from < finding.from)) finding = read.finding
  const whole = !finding && last !== undefined && points.some(({ head }) => head === last.hash)
  const steps: Step[] = [
    ...vouched.steps,
    {
      what: `${blocks.length} blocks of the recording follow from each other, each with the hash of the one before`,
      ok: !walked.finding && !broken,
    },
    { what: endStep, ok: whole && (begins === undefined || begins === header?.hash) },
    { what: `${read.opened} chunks open with the keys of this page, as they were sealed`, ok: !read.finding },
  ]
  return { vouched, steps, finding, whole, content: read.content, header, chunks, bytes: bytes.length, head: last?.hash ?? '' }
}

/** Compares a chain that fits together with what the ledger knows of it. */
function against(
  blocks: readonly Block[],
  points: readonly { chunks: number; head: string }[],
  complete: boolean,
  size: number,
): Finding | undefined {
  const stood = new Map<number, string[]>()
  let chunks = 0
  for (const block of blocks) {
    if (block.what === 'chunk') chunks += 1
    stood.set(chunks, [...(stood.get(chunks) ?? []), block.hash])
  }
  const last = blocks.at(-1)
  for (const { chunks: then, head } of points) {
    const there = stood.get(then)
    if (!there) return { message: `The ledger knows ${then} chunks, here are ${chunks}: it was cut back.`, from: last?.to ?? 0, to: size }
    if (there.includes(head)) continue
    // as many as there should be, each fitting the one before: then it is the last one, which only the ledger vouches for
    const only = then === chunks && last
    return { message: 'The ledger knows another recording up to here.', from: only ? last.from : 0, to: last?.to ?? size }
  }
  if (complete && !(last?.what === 'chunk' && last.final))
    return { message: 'The ledger says that it ended in order, and its end is not here.', from: last?.to ?? 0, to: size }
  return undefined
}

const atOnce = 64

async function readContent(
  bytes: Uint8Array<ArrayBuffer>,
  blocks: readonly Block[],
  keys: Parameters<typeof openChunk>[3],
  progress: (share: number) => void,
) {
  const first = blocks.find((block) => block.what === 'header')
  const startOf = (header: Header) => Date.parse(header.facts.started) * 1000
  const content = new Content(first ? startOf(first) : 0)
  const chunks: { chunk: Chunk; header: Header }[] = []
  let header = first
  for (const block of blocks) {
    if (block.what === 'header') header = block
    else if (header && block.stream === 1) chunks.push({ chunk: block, header })
  }
  let finding: Finding | undefined
  let opened = 0
  for (let from = 0; from < chunks.length && !finding; from += atOnce) {
    const some = chunks.slice(from, from + atOnce)
    const plain = await Promise.all(some.map(({ chunk, header: of }) => openChunk(bytes, chunk, of, keys)))
    for (const [n, { chunk, header: of }] of some.entries()) {
      const open = plain[n]
      const frames = open && framesOf(open, startOf(of) + chunk.at)
      if (!frames) {
        finding = {
          message: `Chunk ${chunk.index} does not open: its bytes or its key are not what they were.`,
          from: chunk.from,
          to: chunk.to,
        }
        break
      }
      for (const { at, frame } of frames) content.take(at, frame)
      opened += 1
    }
    progress(Math.min(1, (from + atOnce) / chunks.length))
  }
  return { content: content.finish(), finding, opened }
}
