import { type FileHandle, open } from 'node:fs/promises'
import { sha256 } from './tree.ts'

/*
 * The file of a recording, checked without any key (docs/formats.md, Recordings): its blocks are one chain of hashes, and what the ledger says of
 * it vouches for the chain. Written from the format alone, beside the server's own check.
 */

/** What the ledger says of a recording: how far it was at some moment, and what it came to. */
export interface Vouched {
  heads: readonly { chunks: number; head: string }[]
  /** Of the signed manifest; undefined where the session was interrupted, or still runs. */
  manifest?: { recording: string; complete: boolean; chunks: number; bytes: number; head: string } | undefined
}

export interface RecordingVerdict {
  /** `intact`: ended in order. `interrupted`: it was not, and what is there fits together. */
  state: 'intact' | 'interrupted' | 'altered'
  /** The ledger vouches for the last block. */
  vouched: boolean
  recording: string | undefined
  chunks: number
  bytes: number
  /** What is wrong, and the first range of bytes that it is wrong in, `to` not included. */
  finding?: { message: string; from: number; to: number }
}

interface Block {
  from: number
  to: number
  hash: Buffer
  previous: Buffer
  /** Of a chunk: which it is, from 0. */
  index: number | undefined
  final: boolean
}

const zeros = Buffer.alloc(32)
const headerFixed = 76
const chunkFixed = 64
const longestFacts = 1024

/** The recording that a file says it is; undefined when it does not begin like one. */
export async function recordingIn(path: string): Promise<string | undefined> {
  const file = await open(path, 'r')
  try {
    const fixed = await read(file, 0, headerFixed)
    if (fixed.length < headerFixed || fixed.toString('latin1', 0, 4) !== 'CLVR') return undefined
    const facts = await read(file, headerFixed, Math.min(longestFacts, fixed.readUInt16BE(6)))
    const { recording } = JSON.parse(facts.toString()) as { recording?: unknown }
    return typeof recording === 'string' && /^rec_[a-z0-9]{10}$/.test(recording) ? recording : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  } finally {
    await file.close()
  }
}

/** Reads block by block: memory does not grow with the file. Bad bytes become a finding; only a file that cannot be read throws. */
export async function verifyRecording(path: string, { heads, manifest }: Vouched): Promise<RecordingVerdict> {
  const recording = await recordingIn(path)
  const so: RecordingVerdict = { state: 'interrupted', vouched: false, recording, chunks: 0, bytes: 0 }
  const altered = (message: string, from: number, to: number): RecordingVerdict => ({
    ...so,
    state: 'altered',
    finding: { message, from, to },
  })
  if (recording === undefined) return altered('This does not begin like a recording.', 0, headerFixed + longestFacts)
  if (manifest && manifest.recording !== recording)
    return altered(`This is ${recording}; the ledger speaks of ${manifest.recording}.`, 0, headerFixed + longestFacts)

  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const stood = new Map<number, string[]>()
    let last: Block | undefined
    for (let at = 0; at < size; ) {
      const block = await blockAt(file, at, size)
      if (!block && last?.final) return altered('Bytes follow the end of the recording.', at, size)
      if (!block && last && !(await anyBlockBehind(file, at, size))) break // the torn end of one that was interrupted
      // it may be the length of the one before that changed: nothing vouches for that one yet
      if (!block) return altered('These bytes are no block of a recording.', last?.from ?? at, size)
      if (!block.previous.equals(last?.hash ?? zeros)) {
        if (block.index !== undefined && block.index !== so.chunks)
          return altered(`Chunk ${block.index} stands where chunk ${so.chunks} was written.`, block.from, block.to)
        // one that changed breaks the chain behind it alone, one whose link changed on both sides; of the last two it can be either
        const next = await blockAt(file, block.to, size)
        const own = next !== undefined && !next.previous.equals(block.hash)
        const [from, to] = [own || !last ? block.from : last.from, next && !own && last ? last.to : block.to]
        return altered('What stands here is not what was written: the chain of hashes breaks.', from, to)
      }
      if (last?.final) return altered('Bytes follow the end of the recording.', at, size)
      if (block.index !== undefined) so.chunks += 1
      so.bytes = block.to
      stood.set(so.chunks, [...(stood.get(so.chunks) ?? []), block.hash.toString('hex')])
      last = block
      at = block.to
    }
    return expected(so, { heads, manifest }, stood, last, altered)
  } finally {
    await file.close()
  }
}

function expected(
  so: RecordingVerdict,
  { heads, manifest }: Vouched,
  stood: ReadonlyMap<number, readonly string[]>,
  last: Block | undefined,
  altered: (message: string, from: number, to: number) => RecordingVerdict,
): RecordingVerdict {
  for (const { chunks, head } of [...heads, ...(manifest ? [manifest] : [])].toSorted((a, b) => a.chunks - b.chunks)) {
    const then = stood.get(chunks)
    if (!then) return altered(`The ledger knows ${chunks} chunks, here are ${so.chunks}: it was cut back.`, so.bytes, so.bytes)
    if (!then.includes(head)) return altered('The ledger knows another recording up to here: it was rewritten.', 0, so.bytes)
  }
  if (manifest?.complete && !last?.final)
    return altered('The ledger says that it ended in order, and its end is not here.', so.bytes, so.bytes)
  const head = last?.hash.toString('hex')
  const vouched = head !== undefined && (manifest?.head === head || heads.some((one) => one.head === head))
  return { ...so, state: last?.final ? 'intact' : 'interrupted', vouched }
}

async function blockAt(file: FileHandle, at: number, size: number): Promise<Block | undefined> {
  const fixed = await read(file, at, headerFixed)
  const kind = fixed.toString('latin1', 0, 4)
  const chunk = kind === 'CLVC'
  if ((!chunk && kind !== 'CLVR') || fixed.length < (chunk ? chunkFixed : headerFixed)) return undefined
  const sealed = chunk ? fixed.readUInt32BE(28) : fixed.readUInt16BE(6)
  if (chunk ? sealed < 16 || sealed > 409_600 : sealed > longestFacts) return undefined
  const length = chunk ? chunkFixed + sealed : headerFixed + sealed + 32
  if (at + length > size) return undefined
  const bytes = await read(file, at, length)
  const previous = chunk ? bytes.subarray(32, 64) : bytes.subarray(44, 76)
  return {
    from: at,
    to: at + length,
    hash: sha256(bytes),
    previous,
    index: chunk ? bytes.readUInt32BE(12) : undefined,
    final: chunk && bytes[4] === 1,
  }
}

/** Whether a whole block stands behind bytes that are none: then they were altered, and are no torn end. */
async function anyBlockBehind(file: FileHandle, from: number, size: number): Promise<boolean> {
  const window = 1024 * 1024
  for (let at = from + 1; at < size; at += window - 3) {
    const bytes = await read(file, at, Math.min(window, size - at))
    for (const magic of ['CLVC', 'CLVR'])
      for (let found = bytes.indexOf(magic); found !== -1; found = bytes.indexOf(magic, found + 1))
        if (await blockAt(file, at + found, size)) return true
  }
  return false
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}
