import { decodeContent } from '../../protocols/recording/index.ts'
import type { RecordingReader } from './recording-reader.ts'

/** What the second key opens of a recording: what was typed unproven, and statements as they were before masking. Seconds count from its start. */
export type UnprovenInput =
  | { kind: 'typed'; seconds: number; bytes: Uint8Array; after: string | null; undecided: boolean }
  | { kind: 'statement'; seconds: number; n: number; sql: string; parameters: readonly (string | null)[] }

/** More on one line is shown in pieces. */
const longestPiece = 4096
/** After a pause like this, in seconds, something else is typed. */
const pause = 10
const enter = [0x0d, 0x0a]

/**
 * Reads the recording to its end, with both keys. At most `most` bytes are given, of what came from second `from` on; `next` says where the rest begins.
 * What belongs together stands together: keys up to Enter, a statement with its parameters.
 */
export async function unprovenInput(
  reader: RecordingReader,
  { from, most }: { from: number; most: number },
): Promise<{ unproven: UnprovenInput[]; next: number | null }> {
  const found: (UnprovenInput & { at: number })[] = []
  const commands: { at: number; text: string }[] = []
  const statements = new Map<number, Uint8Array[]>()
  let [left, next] = [most, null as number | null]
  let line: { at: number; last: number; bytes: number[] } | undefined
  const seconds = (at: number) => Math.max(0, at - reader.startedAt) / 1_000_000
  /** Whether so much is given; what does not fit, and all after it, is left for another look. */
  const fits = (at: number, size: number): boolean => {
    if (seconds(at) < from || next !== null) return false
    if (size > left && found.length > 0) {
      next = seconds(at)
      return false
    }
    left -= size
    return true
  }
  const typed = (at: number, bytes: Uint8Array, undecided: boolean) => {
    if (fits(at, bytes.length)) found.push({ kind: 'typed', at, seconds: seconds(at), bytes, after: null, undecided })
  }
  const endLine = () => {
    if (line) typed(line.at, Uint8Array.from(line.bytes), false)
    line = undefined
  }
  for await (const frame of reader.frames()) {
    if (frame.kind === 'command') commands.push({ at: frame.at, text: frame.text })
    if (next !== null) continue
    if (frame.kind === 'unproven') {
      if (line && frame.at - line.last > pause * 1_000_000) endLine()
      for (const byte of frame.bytes) {
        line ??= { at: frame.at, last: frame.at, bytes: [] }
        line.last = frame.at
        line.bytes.push(byte)
        if (enter.includes(byte) || line.bytes.length >= longestPiece) endLine()
      }
    }
    if (frame.kind === 'undecided') {
      endLine()
      typed(frame.at, Uint8Array.from(frame.bytes), true)
    }
    if (frame.kind === 'unmasked') {
      const pieces = frame.from === 0 ? [] : (statements.get(frame.n) ?? [])
      statements.set(frame.n, pieces)
      if (frame.from < most) pieces.push(Uint8Array.from(frame.bytes))
      if (frame.from + frame.bytes.length < frame.length) continue
      statements.delete(frame.n)
      const { sql, parameters } = decodeContent(Buffer.concat(pieces))
      if (fits(frame.at, frame.length))
        found.push({ kind: 'statement', at: frame.at, seconds: seconds(frame.at), n: frame.n, sql, parameters })
    }
  }
  endLine()
  // the two streams are written in turn, so only now is it known which command came before
  const unproven = found.map(({ at, ...one }) =>
    one.kind === 'typed' ? { ...one, after: commands.findLast((command) => command.at <= at)?.text ?? null } : one,
  )
  return { unproven, next }
}
