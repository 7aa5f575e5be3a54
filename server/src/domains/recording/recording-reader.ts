import { fail, ok, type Result } from '../../kernel/result.ts'
import {
  type ByteSource,
  blockAt,
  Chain,
  type ChunkBlock,
  checkChain,
  checkExpected,
  decodeFrames,
  type Expected,
  type Finding,
  type FrameBody,
  type HeaderBlock,
  type SegmentFacts,
  type Verdict,
} from '../../protocols/recording/index.ts'
import type { RecordingError } from './errors.ts'
import { openFile } from './file-source.ts'
import { headerIsOurs, openChunk } from './seal-block.ts'
import { deriveSegmentKeys, type RecordingKeys, type SegmentKeys, wipeSegmentKeys } from './segment-keys.ts'
import { UndecidedInput } from './undecided-input.ts'

/** A frame at its time: `at` in microseconds since 1970, for a command that of Enter, for a statement that of its start or end. */
export type RecordedFrame = FrameBody & { at: number }

export interface ReaderKeys {
  viewers: RecordingKeys['viewers']
  /** Only with this one does the reader see what was typed unproven. */
  officers?: RecordingKeys['officers'] | undefined
}

/** Opens the file of a recording for `frames`. A key that does not open it, or a file that is none, is refused here. */
export async function openRecording(
  path: string,
  keys: ReaderKeys,
  expected: Expected = {},
): Promise<Result<RecordingReader, RecordingError>> {
  const source = await openFile(path)
  if (!source.ok) return source
  const reader = await readRecording(source.value, keys, expected, () => source.value.close())
  if (!reader.ok) await source.value.close()
  return reader
}

export async function readRecording(
  source: ByteSource,
  keys: ReaderKeys,
  expected: Expected = {},
  close = async () => {},
): Promise<Result<RecordingReader, RecordingError>> {
  const first = await blockAt(source, 0)
  if (typeof first !== 'object' || first.block.what !== 'header') {
    const { finding } = await checkChain(source, expected)
    return fail(finding ?? { code: 'recording.not_a_recording', from: 0, to: source.size })
  }
  const { facts, segment, salt } = first.block.header
  const segmentKeys = await deriveSegmentKeys(keys, { recording: facts.recording, segment, salt })
  const ours = headerIsOurs(first.bytes, segmentKeys)
  wipeSegmentKeys(segmentKeys)
  if (!ours) {
    const { finding } = await checkChain(source, expected)
    return fail(finding ?? { code: 'recording.wrong_key', from: 0, to: first.block.to })
  }
  return ok(new RecordingReader(source, keys, expected, facts, close))
}

/** Reads one recording, checking chain and tags as it goes. It needs the keys until it is done. */
export class RecordingReader {
  readonly facts: SegmentFacts
  /** Microseconds since 1970. */
  readonly startedAt: number
  readonly #source: ByteSource
  readonly #keys: ReaderKeys
  readonly #expected: Expected
  readonly #close: () => Promise<void>
  #verdict: Verdict | undefined

  constructor(source: ByteSource, keys: ReaderKeys, expected: Expected, facts: SegmentFacts, close: () => Promise<void>) {
    this.#source = source
    this.#keys = keys
    this.#expected = expected
    this.#close = close
    this.facts = facts
    this.startedAt = startOf(facts)
  }

  /** What the reading came to; known once `frames` has ended. Frames that were given out are genuine in any case. */
  get verdict(): Verdict | undefined {
    return this.#verdict
  }

  /** Every frame, in the file's order: within a stream by time, but for commands, which are found a little after Enter, and statements, which are masked first. Ends at the first trouble. */
  async *frames(): AsyncGenerator<RecordedFrame> {
    const chain = new Chain()
    const undecided = new UndecidedInput()
    let keys: SegmentKeys | undefined
    let header: HeaderBlock | undefined
    let trouble: Finding | undefined
    try {
      while (chain.verdict.bytes < this.#source.size) {
        const here = await blockAt(this.#source, chain.verdict.bytes)
        if (typeof here !== 'object' || !chain.add(here.block)) break
        if (here.block.what === 'header') {
          yield* this.#leftover(undecided, header, chain)
          header = here.block
          const { facts, segment, salt } = header.header
          if (keys) wipeSegmentKeys(keys)
          keys = await deriveSegmentKeys(this.#keys, { recording: facts.recording, segment, salt })
          if (!headerIsOurs(here.bytes, keys)) trouble = { code: 'recording.header_altered', from: header.from, to: header.to }
        } else if (header && keys) {
          const frames = await this.#open(here.block, here.bytes, header, keys)
          if (!Array.isArray(frames)) trouble = frames
          else {
            for (const frame of frames) {
              undecided.take(frame)
              if (frame.kind !== 'undecided') yield frame
            }
          }
        }
        if (trouble) break
      }
      yield* this.#leftover(undecided, header, chain)
      this.#verdict = await this.#judge(chain, trouble)
    } finally {
      if (keys) wipeSegmentKeys(keys)
    }
  }

  async close(): Promise<void> {
    await this.#close()
  }

  *#leftover(undecided: UndecidedInput, header: HeaderBlock | undefined, chain: Chain): Generator<RecordedFrame> {
    const bytes = undecided.leftover()
    const last = chain.blocks.findLast((block) => block.what === 'chunk')
    if (bytes.length === 0 || !header) return
    yield { kind: 'undecided', position: 0, bytes, at: startOf(header.header.facts) + (last?.what === 'chunk' ? last.chunk.at : 0) }
  }

  async #open(
    { chunk, from, to }: ChunkBlock,
    bytes: Uint8Array,
    { header }: HeaderBlock,
    keys: SegmentKeys,
  ): Promise<RecordedFrame[] | Finding> {
    const key = keys[chunk.stream]
    if (!key) return []
    const { facts, compression } = header
    const plain = await openChunk(bytes, { chunk, recording: facts.recording, compression, key })
    if (plain === 'sealed') return { code: 'recording.chunk_altered', chunk: chunk.index, from, to }
    const decoded = plain === 'unreadable' ? { bad: 0 } : decodeFrames(plain, chunk.stream)
    if ('bad' in decoded) return { code: 'recording.chunk_unreadable', chunk: chunk.index, from, to }
    let at = startOf(facts) + chunk.at
    return decoded.frames.map((frame) => {
      at += frame.dt
      return { ...frame, at: 'ago' in frame ? at - frame.ago : at }
    })
  }

  /** A chain that breaks is looked at as a whole, since only what follows tells what was done to it. */
  async #judge(chain: Chain, trouble: Finding | undefined): Promise<Verdict> {
    if (!trouble && chain.verdict.bytes === this.#source.size) return checkExpected(chain.verdict, chain.blocks, this.#expected)
    const verdict = await checkChain(this.#source, this.#expected)
    return trouble && !verdict.finding ? { ...verdict, state: 'altered', finding: trouble } : verdict
  }
}

const startOf = (facts: SegmentFacts): number => Date.parse(facts.started) * 1000
