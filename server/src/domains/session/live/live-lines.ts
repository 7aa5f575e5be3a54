import type { live as api } from '@claviger/api'
import { decodeContent, type RecordedFrame, utf8Decoder } from '../../recording/index.ts'

type Event = api.LiveEvent
type Facts = { kind: 'terminal' | 'sql' | 'files' | 'forward'; columns: number; rows: number; started: string }

/** Characters of a statement in a line; the recording has all of it. */
const shownOfEach = 32 * 1024

/** What a watcher gets of the frames of a recording: never what was typed unseen, which is under another key anyway. */
export function liveLines(facts: Facts): { began: Event; of(frames: readonly RecordedFrame[]): Event[] } {
  const start = Date.parse(facts.started) * 1000
  const text = utf8Decoder()
  const event = (frame: RecordedFrame): Event | undefined => {
    const seconds = Math.max(0, frame.at - start) / 1_000_000
    switch (frame.kind) {
      case 'output': {
        const shown = text(frame.bytes)
        return shown === '' ? undefined : { kind: 'output', seconds, text: shown }
      }
      case 'resize':
        return { kind: 'resize', seconds, columns: frame.columns, rows: frame.rows }
      case 'command':
        return { kind: 'command', seconds, text: frame.text }
      case 'statement': {
        const { n, via, masked, of, sameText, sameParameters } = frame
        const { sql, parameters } = decodeContent(frame.content)
        const shortened = frame.length !== null || frame.truncated || sql.length > shownOfEach
        return {
          ...{ kind: 'statement', seconds, n, via, masked, shortened, sql: sql.slice(0, shownOfEach).toWellFormed() },
          parameters: [...parameters],
          ...{ sameTextAs: sameText ? of : null, sameParametersAs: sameParameters ? of : null },
        }
      }
      case 'statement_end': {
        const { n, outcome, duration, rows, size, tag, sqlState, message } = frame
        return {
          ...{ kind: 'statement_end', seconds, n, outcome, durationMs: duration / 1000, rows, bytes: size },
          ...{ tag: tag || null, sqlState: sqlState || null, message: message || null },
        }
      }
      case 'file': {
        const { n, op, path, to, from, size, sha256, outcome, message } = frame
        return { kind: 'file', seconds, n, op, path, to, from, bytes: size, sha256, outcome, message }
      }
      default:
        return undefined
    }
  }
  return {
    began: { kind: 'began', what: facts.kind, columns: facts.columns, rows: facts.rows },
    of: (frames) => frames.map(event).filter((one) => one !== undefined),
  }
}
