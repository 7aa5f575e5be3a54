import { Fields } from './fields.ts'

/** What viewers see of a recording (docs/formats.md, Frames). */
export type Frame =
  | { kind: 'output' | 'input'; bytes: Uint8Array }
  | { kind: 'hidden'; count: number }
  | { kind: 'resize'; columns: number; rows: number }
  | { kind: 'command'; ago: number; text: string }
  | { kind: 'event'; text: string }
  | {
      kind: 'statement'
      ago: number
      n: number
      masked: boolean
      length: number | undefined
      of: number
      again: string
      content: Uint8Array
    }
  | { kind: 'statement_more'; n: number; bytes: Uint8Array }
  | { kind: 'statement_end'; ago: number; n: number; ms: number; rows: number | undefined; outcome: string; tag: string; message: string }
  | { kind: 'result'; n: number; columns: string[] | undefined; row: (string | null)[] | undefined }
  | {
      kind: 'file'
      n: number
      op: string
      outcome: string
      bytes: number | undefined
      path: string
      to: string
      sha256: string
      message: string
    }

const outcomes = ['ok', 'failed', 'cancelled', 'cut']
const fileOps = ['get', 'put', 'list', 'remove', 'rename', 'mkdir', 'rmdir', 'link', 'symlink', 'attributes', 'copy']
const fileOutcomes = ['open', 'ok', 'failed', 'cut']

/** A frame of a kind that this page knows; undefined for others, and for what makes no sense. */
function frameOf(kind: number, bytes: Uint8Array): Frame | undefined {
  const read = new Fields(bytes)
  const frame = ((): Frame | undefined => {
    switch (kind) {
      case 1:
        return { kind: 'output', bytes }
      case 2:
        return { kind: 'input', bytes }
      case 3:
        return { kind: 'hidden', count: read.number() }
      case 4:
        return { kind: 'resize', columns: read.number(), rows: read.number() }
      case 5:
        return { kind: 'command', ago: read.number(), text: read.text(read.left) }
      case 6:
        return { kind: 'event', text: read.text(read.left) }
      case 9:
        return statement(read)
      case 10:
        return statementEnd(read)
      case 11:
        return { kind: 'statement_more', n: read.number(), bytes: read.rest() }
      case 13:
        return file(read)
      case 14:
        return result(read)
      default:
        return undefined
    }
  })()
  return read.sound ? frame : undefined
}

function statement(read: Fields): Frame {
  const [ago, n, flags] = [read.number(), read.number(), read.byte()]
  const of = flags & 48 ? read.number() : 0
  const length = flags & 8 ? read.number() : undefined
  const again = [flags & 16 && 'text', flags & 32 && 'parameters'].filter(Boolean).join(' and ')
  return { kind: 'statement', ago, n, masked: (flags & 4) !== 0, of, length, again, content: read.rest() }
}

function statementEnd(read: Fields): Frame {
  const [ago, n, duration, rows] = [read.number(), read.number(), read.number(), read.number()]
  read.number() // bytes of the answer
  const outcome = outcomes[read.byte()] ?? 'unknown'
  const [tag, state, message] = [read.text(), read.text(), read.text()]
  const said = [state, message].filter(Boolean).join(' ')
  return { kind: 'statement_end', ago, n, ms: duration / 1000, rows: rows === 0 ? undefined : rows - 1, outcome, tag, message: said }
}

function result(read: Fields): Frame {
  const [n, part, count] = [read.number(), read.byte(), read.number()]
  const columns: string[] = []
  const row: (string | null)[] = []
  for (let i = 0; i < count && read.sound; i++) {
    if (part === 0) {
      columns.push(read.text())
      read.text() // its type
    } else {
      const length = read.number()
      row.push(length === 0 ? null : read.text(length - 1))
    }
  }
  return { kind: 'result', n, columns: part === 0 ? columns : undefined, row: part === 0 ? undefined : row }
}

function file(read: Fields): Frame {
  const n = read.number()
  const [op, outcome] = [fileOps[read.byte()] ?? 'unknown', fileOutcomes[read.byte()] ?? 'unknown']
  read.number() // where in the file it began
  const size = read.number()
  const [path, to, sha256, message] = [read.text(), read.text(), read.text(), read.text()]
  return { kind: 'file', n, op, outcome, bytes: size === 0 ? undefined : size - 1, path, to, sha256, message }
}

/** The frames of one chunk with their times; undefined where the bytes make no sense. */
export function framesOf(plain: Uint8Array, start: number): { at: number; frame: Frame }[] | undefined {
  const read = new Fields(plain)
  const frames: { at: number; frame: Frame }[] = []
  let at = start
  while (read.left > 0) {
    const [kind, dt] = [read.byte(), read.number()]
    const body = read.take(read.number())
    if (!read.sound) return undefined
    at += dt
    const frame = frameOf(kind, body)
    if (!frame) return undefined
    frames.push({ at: 'ago' in frame ? at - frame.ago : at, frame })
  }
  return frames
}
