import { decompress } from 'fzstd'
import { type Bytes, fromBase64, utf8 } from '../ledger/bytes.ts'
import type { Chunk, Header } from './blocks.ts'

export type OpeningKeys = ReadonlyMap<number, CryptoKey>

export async function openingKeys(segments: readonly { segment: number; key: string }[]): Promise<OpeningKeys> {
  const keys = new Map<number, CryptoKey>()
  for (const { segment, key } of segments) {
    try {
      keys.set(segment, await crypto.subtle.importKey('raw', fromBase64(key), 'AES-GCM', false, ['decrypt']))
    } catch {
      // a key that is none opens nothing: the chunk says so
    }
  }
  return keys
}

function withLength(...parts: Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0))
  let at = 0
  for (const part of parts) {
    new DataView(bytes.buffer).setUint32(at, part.length)
    bytes.set(part, at + 4)
    at += 4 + part.length
  }
  return bytes
}

/** The frames of a chunk of the viewers' stream as bytes; undefined when its tag does not fit, or what was sealed makes no sense. */
export async function openChunk(bytes: Bytes, chunk: Chunk, header: Header, keys: OpeningKeys): Promise<Uint8Array | undefined> {
  const key = keys.get(chunk.segment)
  if (!key) return undefined
  const iv = new Uint8Array(12)
  new DataView(iv.buffer).setUint32(0, chunk.segment)
  new DataView(iv.buffer).setBigUint64(4, BigInt(chunk.index))
  const fixed = bytes.subarray(chunk.from, chunk.from + 64)
  const additionalData = withLength(utf8('claviger recording chunk 1'), utf8(header.facts.recording), fixed)
  try {
    const sealed = bytes.subarray(chunk.from + 64, chunk.to) as Bytes
    const packed = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData, tagLength: 128 }, key, sealed))
    const plain = header.compressed ? decompress(packed, new Uint8Array(chunk.plainLength)) : packed
    return plain.length === chunk.plainLength ? plain : undefined
  } catch {
    return undefined
  }
}
