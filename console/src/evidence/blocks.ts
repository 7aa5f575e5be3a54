import { type Bytes, hex, sha256 } from '../ledger/bytes.ts'
import type { Range } from './told.ts'

/*
 * The blocks of a recording and their chain of hashes, from docs/formats.md (Recordings) alone, beside the checks of server and command line.
 */

export interface Finding extends Range {
  message: string
}
interface Placed extends Range {
  hash: string
  previous: string
}
export interface Header extends Placed {
  what: 'header'
  segment: number
  compressed: boolean
  facts: { recording: string; session: string; kind: string; columns: number; rows: number; started: string }
}
export interface Chunk extends Placed {
  what: 'chunk'
  segment: number
  index: number
  final: boolean
  stream: number
  /** Microseconds from the start of the segment. */
  at: number
  plainLength: number
}
export type Block = Header | Chunk

const zeros = '0'.repeat(64)
const [headerFixed, chunkFixed, mac] = [76, 64, 32]
const [longestFacts, longestSealed, longestPlain] = [1024, 409_600, 393_216]
const text = new TextDecoder()

/** The block at an offset, without its hash; undefined where none begins. */
function parseBlock(bytes: Bytes, from: number): Omit<Header, 'hash'> | Omit<Chunk, 'hash'> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from)
  const magic = text.decode(bytes.subarray(from, from + 4))
  if (magic === 'CLVR' && view.byteLength >= headerFixed) {
    const to = from + headerFixed + view.getUint16(6) + mac
    if (view.getUint16(6) > longestFacts || to > bytes.length || (bytes[from + 4] ?? 0) !== 1) return undefined
    try {
      const facts = JSON.parse(text.decode(bytes.subarray(from + headerFixed, to - mac))) as Header['facts']
      const previous = hex(bytes.subarray(from + 44, from + 76))
      return { what: 'header', from, to, previous, segment: view.getUint32(8), compressed: bytes[from + 5] === 1, facts }
    } catch {
      return undefined
    }
  }
  if (magic !== 'CLVC' || view.byteLength < chunkFixed) return undefined
  const [sealed, plainLength] = [view.getUint32(28), view.getUint32(24)]
  const to = from + chunkFixed + sealed
  if (sealed < 16 || sealed > longestSealed || plainLength > longestPlain || to > bytes.length) return undefined
  return {
    ...{ what: 'chunk', from, to, previous: hex(bytes.subarray(from + 32, from + 64)) },
    ...{ segment: view.getUint32(8), index: view.getUint32(12), final: bytes[from + 4] === 1, stream: bytes[from + 5] ?? 0 },
    ...{ at: Number(view.getBigUint64(16)), plainLength },
  }
}

/** Where the next whole block begins behind bytes that are none. */
function nextBlock(bytes: Bytes, from: number): number | undefined {
  for (let at = bytes.indexOf(0x43, from); at >= 0; at = bytes.indexOf(0x43, at + 1)) if (parseBlock(bytes, at)) return at
  return undefined
}

export interface Walked {
  blocks: Block[]
  /** Follows the last whole block, as a kill leaves it. */
  torn?: Range
  finding?: Finding
}

/** Follows the chain from the first block on; `vouched` are hashes that the ledger knows. Names the first range that is not what was written. */
export async function walk(bytes: Bytes, vouched: ReadonlySet<string>): Promise<Walked> {
  const parsed: (Omit<Header, 'hash'> | Omit<Chunk, 'hash'>)[] = []
  let stop: Omit<Walked, 'blocks'> = {}
  for (let at = 0; at < bytes.length; ) {
    const block = parseBlock(bytes, at)
    if (block) {
      parsed.push(block)
      at = block.to
      continue
    }
    const last = parsed.at(-1)
    const next = nextBlock(bytes, at + 1)
    if (last?.what === 'chunk' && last.final)
      stop = { finding: { message: 'Bytes follow the end of the recording.', from: at, to: bytes.length } }
    else if (next === undefined && last) stop = { torn: { from: at, to: bytes.length } }
    // it may be the length of the block before that changed: nothing vouches for that one yet
    else stop = { finding: { message: 'These bytes are no block of a recording.', from: last?.from ?? 0, to: next ?? bytes.length } }
    break
  }
  const hashes = await Promise.all(parsed.map((block) => sha256(bytes.subarray(block.from, block.to) as Bytes)))
  const blocks = parsed.map((block, n) => ({ ...block, hash: hex(hashes[n] as Bytes) }) as Block)
  const broken = brokenAt(blocks, vouched)
  return broken ? { blocks: blocks.slice(0, broken.place), finding: broken.finding } : { blocks, ...stop }
}

function brokenAt(blocks: readonly Block[], vouched: ReadonlySet<string>): { place: number; finding: Finding } | undefined {
  let [chunks, segments] = [0, 0]
  for (const [place, block] of blocks.entries()) {
    const [last, next] = [blocks[place - 1], blocks[place + 1]]
    if (last?.what === 'chunk' && last.final)
      return { place, finding: { message: 'Bytes follow the end of the recording.', from: block.from, to: block.to } }
    if (block.previous !== (last?.hash ?? zeros)) {
      if (block.what === 'chunk' && block.index !== chunks)
        return {
          place,
          finding: { message: `Chunk ${block.index} stands where chunk ${chunks} was written.`, from: block.from, to: block.to },
        }
      // one that somebody knows by its hash is what it was: then it is the one before that changed
      const known = next ? next.previous === block.hash : vouched.has(block.hash)
      const [from, to] = !last ? [block.from, block.to] : known ? [last.from, last.to] : [next ? block.from : last.from, block.to]
      return { place, finding: { message: 'What stands here is not what was written: the chain of hashes breaks.', from, to } }
    }
    if (block.what === 'chunk' ? block.index !== chunks || block.segment !== segments : block.segment !== segments + 1)
      return { place, finding: { message: 'This block is not the next one.', from: block.from, to: block.to } }
    if (block.what === 'chunk') chunks += 1
    else segments += 1
  }
  return undefined
}
