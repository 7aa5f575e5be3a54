import { canonical } from '../../kernel/canonical.ts'
import { idPattern } from '../../kernel/id.ts'

/** What is in a recording: what a terminal shows, or the statements of a database client. */
export type RecordingKind = 'terminal' | 'sql' | 'files' | 'forward'
export type Compression = 'none' | 'zstd'

/** What a segment header says in the clear. `started` is ISO text with milliseconds. */
export interface SegmentFacts {
  columns: number
  keys: { officers: string; viewers: string }
  kind: RecordingKind
  recording: string
  rows: number
  session: string
  started: string
}

export interface SegmentHeader {
  segment: number
  compression: Compression
  /** 32 bytes. */
  salt: Uint8Array
  /** SHA-256 of the block before; zeros in the first segment. */
  previous: Uint8Array
  facts: SegmentFacts
}

export const headerMagic = Buffer.from('CLVR')
export const headerFixed = 76
export const macLength = 32
const longestFacts = 1024
const version = 1
const compressions = ['none', 'zstd'] as const

/** The header without its HMAC (docs/formats.md, Segment header). */
export function encodeHeader(header: SegmentHeader): Buffer {
  const { columns, keys, kind, recording, rows, session, started } = header.facts
  const facts = Buffer.from(
    canonical({ columns, keys: { officers: keys.officers, viewers: keys.viewers }, kind, recording, rows, session, started }),
  )
  if (!parseFacts(facts)) throw new RangeError('these facts are outside of what a recording may say')
  const bytes = Buffer.alloc(headerFixed + facts.length)
  headerMagic.copy(bytes)
  bytes[4] = version
  bytes[5] = compressions.indexOf(header.compression)
  bytes.writeUInt16BE(facts.length, 6)
  bytes.writeUInt32BE(header.segment, 8)
  bytes.set(header.salt, 12)
  bytes.set(header.previous, 44)
  facts.copy(bytes, headerFixed)
  return bytes
}

/** The length of the whole block, HMAC included, from its first 76 bytes; undefined when they begin no header of this version. */
export function headerLength(fixed: Uint8Array): number | undefined {
  const bytes = Buffer.from(fixed.buffer, fixed.byteOffset, fixed.byteLength)
  if (bytes.length < headerFixed || !bytes.subarray(0, 4).equals(headerMagic) || bytes[4] !== version) return undefined
  const facts = bytes.readUInt16BE(6)
  return facts > longestFacts ? undefined : headerFixed + facts + macLength
}

/** Reads a whole header block. Undefined when a field is outside of its limits or the facts are not exactly as we write them. */
export function decodeHeader(block: Uint8Array): SegmentHeader | undefined {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  if (headerLength(bytes) !== bytes.length) return undefined
  const compression = compressions[bytes[5] as number]
  const facts = parseFacts(bytes.subarray(headerFixed, bytes.length - macLength))
  const segment = bytes.readUInt32BE(8)
  if (!compression || !facts || segment === 0) return undefined
  return { segment, compression, salt: bytes.subarray(12, 44), previous: bytes.subarray(44, 76), facts }
}

function parseFacts(bytes: Buffer): SegmentFacts | undefined {
  if (bytes.length > longestFacts) return undefined
  try {
    const facts = JSON.parse(bytes.toString('utf8')) as SegmentFacts
    const { columns, keys, kind, recording, rows, session, started } = facts
    const known = { columns, keys: { officers: keys.officers, viewers: keys.viewers }, kind, recording, rows, session, started }
    const size = (n: unknown) => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= 65_535
    const keyId = (id: unknown) => typeof id === 'string' && id.length >= 1 && id.length <= 128
    const sound =
      size(columns) &&
      size(rows) &&
      keyId(keys.officers) &&
      keyId(keys.viewers) &&
      (kind === 'terminal' || kind === 'sql' || kind === 'files' || kind === 'forward') &&
      idPattern('rec').test(recording) &&
      idPattern('ses').test(session) &&
      new Date(started).toISOString() === started
    // anything more, less or in another order than we write is not ours
    return sound && canonical(known) === bytes.toString('utf8') ? known : undefined
  } catch {
    return undefined
  }
}
