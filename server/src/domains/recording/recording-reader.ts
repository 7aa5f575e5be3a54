import { fail, ok, type Result } from '../../kernel/result.ts'
import {
  type Block,
  type ByteSource,
  blockAt,
  Chain,
  checkChain,
  checkExpected,
  type Expected,
  type Finding,
  type HeaderBlock,
  type SegmentFacts,
  type Verdict,
} from '../../protocols/recording/index.ts'
import type { RecordingError } from './errors.ts'
import { openFile } from './file-source.ts'
import { openFrames, type RecordedFrame, segmentOf, startOf } from './open-frames.ts'
import { headerIsOurs } from './seal-block.ts'
import { deriveSegmentKeys, type ReaderKeys, type SegmentKeys, wipeSegmentKeys } from './segment-keys.ts'
import { UndecidedInput } from './undecided-input.ts'

/** Sees every frame of a reading, copies of undecided input too, and where segments end. */
export interface FrameWatcher {
  frame(frame: RecordedFrame): void
  segment(): void
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
  async *frames(watcher?: FrameWatcher): AsyncGenerator<RecordedFrame> {
    for await (const { frames } of this.blocks(watcher)) yield* frames
  }

  /** The same by blocks of the file, each once its place in the chain and its tag were found right; at the end, without a block, what was on its way. */
  async *blocks(watcher?: FrameWatcher): AsyncGenerator<{ block: Block | undefined; frames: readonly RecordedFrame[] }> {
    const chain = new Chain()
    const undecided = new UndecidedInput()
    let keys: SegmentKeys | undefined
    let header: HeaderBlock | undefined
    let trouble: Finding | undefined
    try {
      while (chain.verdict.bytes < this.#source.size) {
        const here = await blockAt(this.#source, chain.verdict.bytes)
        if (typeof here !== 'object' || !chain.add(here.block)) break
        const { block } = here
        if (block.what === 'header') {
          if (header) watcher?.segment()
          const before = this.#leftover(undecided, header, chain)
          header = block
          const { facts, segment, salt } = header.header
          if (keys) wipeSegmentKeys(keys)
          keys = await deriveSegmentKeys(this.#keys, { recording: facts.recording, segment, salt })
          if (!headerIsOurs(here.bytes, keys)) trouble = { code: 'recording.header_altered', from: header.from, to: header.to }
          yield { block, frames: before }
        } else if (header && keys) {
          const opened = await openFrames({ block, bytes: here.bytes }, segmentOf(header), keys)
          if (!Array.isArray(opened)) trouble = opened
          else {
            for (const frame of opened) {
              undecided.take(frame)
              watcher?.frame(frame)
            }
            yield { block, frames: opened.filter(({ kind }) => kind !== 'undecided') }
          }
        }
        if (trouble) break
      }
      watcher?.segment()
      const rest = this.#leftover(undecided, header, chain)
      if (rest.length > 0) yield { block: undefined, frames: rest }
      this.#verdict = await this.#judge(chain, trouble)
    } finally {
      if (keys) wipeSegmentKeys(keys)
    }
  }

  async close(): Promise<void> {
    await this.#close()
  }

  #leftover(undecided: UndecidedInput, header: HeaderBlock | undefined, chain: Chain): RecordedFrame[] {
    const bytes = undecided.leftover()
    const last = chain.blocks.findLast((block) => block.what === 'chunk')
    if (bytes.length === 0 || !header) return []
    return [{ kind: 'undecided', position: 0, bytes, at: startOf(header.header.facts) + (last?.what === 'chunk' ? last.chunk.at : 0) }]
  }

  /** A chain that breaks is looked at as a whole, since only what follows tells what was done to it. */
  async #judge(chain: Chain, trouble: Finding | undefined): Promise<Verdict> {
    if (!trouble && chain.verdict.bytes === this.#source.size) return checkExpected(chain.verdict, chain.blocks, this.#expected)
    const verdict = await checkChain(this.#source, this.#expected)
    return trouble && !verdict.finding ? { ...verdict, state: 'altered', finding: trouble } : verdict
  }
}
