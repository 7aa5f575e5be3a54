import { decodeContent } from '../../protocols/recording/index.ts'
import type { RecordingReader } from './recording-reader.ts'
import { TypedTimes } from './typed-times.ts'

/** What the second key opens of a recording: what was typed unproven, and statements as they were before masking. Seconds count from its start. */
export type UnprovenInput =
  | { kind: 'typed'; seconds: number; bytes: Uint8Array; after: string | null; undecided: boolean }
  | { kind: 'statement'; seconds: number; n: number; sql: string; parameters: readonly (string | null)[] }

type Found = UnprovenInput & { at: number; size: number }

/** More on one line is shown in pieces. */
const longestPiece = 4096
/** After a pause like this, in microseconds, something else is typed. */
const pause = 10_000_000
const enter = [0x0d, 0x0a]

/**
 * Reads the recording to its end, with both keys. About `most` bytes are given, of what came from second `from` on; `next` says where the rest begins.
 * What belongs together stands together: keys up to Enter, a statement with its parameters.
 */
export async function unprovenInput(
  reader: RecordingReader,
  { from, most }: { from: number; most: number },
): Promise<{ unproven: UnprovenInput[]; next: number | null }> {
  const times = new TypedTimes()
  const found: Found[] = []
  const commands: { at: number; text: string }[] = []
  const statements = new Map<number, Uint8Array[]>()
  /** Unproven bytes from `offset` of all of them on, as far as they are wanted. */
  const typed: { offset: number; bytes: Uint8Array }[] = []
  let [offset, kept] = [0, 0]
  const seconds = (at: number) => Math.max(0, at - reader.startedAt) / 1_000_000
  // one line more than fits, so that it is known where the rest begins
  const wanted = (at: number) => seconds(at) >= from && kept <= most + longestPiece
  const add = (at: number, size: number, what: UnprovenInput) => {
    kept += size
    found.push({ ...what, at, size })
  }
  for await (const frame of reader.frames(times)) {
    if (frame.kind === 'command') commands.push({ at: frame.at, text: frame.text })
    if (frame.kind === 'unproven') {
      // when it was typed is known in the end, and was not later than this
      if (wanted(frame.at)) {
        kept += frame.bytes.length
        typed.push({ offset, bytes: Uint8Array.from(frame.bytes) })
      }
      offset += frame.bytes.length
    }
    if (frame.kind === 'undecided' && wanted(frame.at)) {
      const what = { seconds: seconds(frame.at), bytes: Uint8Array.from(frame.bytes), after: null, undecided: true }
      add(frame.at, frame.bytes.length, { kind: 'typed', ...what })
    }
    if (frame.kind === 'unmasked') {
      const pieces = frame.from === 0 ? [] : (statements.get(frame.n) ?? [])
      statements.set(frame.n, pieces)
      if (frame.from < most) pieces.push(Uint8Array.from(frame.bytes))
      if (frame.from + frame.bytes.length < frame.length) continue
      statements.delete(frame.n)
      const { sql, parameters } = decodeContent(Buffer.concat(pieces))
      if (wanted(frame.at)) add(frame.at, frame.length, { kind: 'statement', seconds: seconds(frame.at), n: frame.n, sql, parameters })
    }
  }
  for (const { at, bytes } of linesOf(typed, times.typed))
    if (seconds(at) >= from)
      found.push({ kind: 'typed', at, size: bytes.length, seconds: seconds(at), bytes, after: null, undecided: false })
  found.sort((a, b) => a.at - b.at)
  return givenOf(found, most, (at) => commands.findLast((command) => command.at <= at)?.text ?? null)
}

/** Keys up to Enter, each line with when its first key was typed. */
function* linesOf(
  typed: readonly { offset: number; bytes: Uint8Array }[],
  times: TypedTimes['typed'],
): Generator<{ at: number; bytes: Uint8Array }> {
  let line: { at: number; last: number; bytes: number[] } | undefined
  let span = 0
  for (const { offset, bytes } of typed)
    for (let i = 0; i < bytes.length; i++) {
      while (span < times.length - 1 && (times[span]?.to ?? 0) <= offset + i) span++
      const at = times[span]?.at ?? 0
      if (line && at - line.last > pause) {
        yield { at: line.at, bytes: Uint8Array.from(line.bytes) }
        line = undefined
      }
      line ??= { at, last: at, bytes: [] }
      line.last = at
      line.bytes.push(bytes[i] as number)
      if (!enter.includes(bytes[i] as number) && line.bytes.length < longestPiece) continue
      yield { at: line.at, bytes: Uint8Array.from(line.bytes) }
      line = undefined
    }
  if (line) yield { at: line.at, bytes: Uint8Array.from(line.bytes) }
}

/** As much as fits, with the command before each line. */
function givenOf(found: readonly Found[], most: number, commandBefore: (at: number) => string | null) {
  let left = most
  const unproven: UnprovenInput[] = []
  for (const { at, size, ...one } of found) {
    if (size > left && unproven.length > 0) return { unproven, next: one.seconds }
    left -= size
    unproven.push(one.kind === 'typed' ? { ...one, after: commandBefore(at) } : one)
  }
  return { unproven, next: null }
}
