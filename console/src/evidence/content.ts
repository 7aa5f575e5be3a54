import { Fields } from './fields.ts'
import type { Frame } from './frames.ts'

/** Something that went to the screen, or the size that it had from then on; seconds from the start. */
export type ScreenEvent = { seconds: number } & ({ bytes: Uint8Array } | { columns: number; rows: number })
export interface Statement {
  seconds: number
  n: number
  sql: string
  remark: string
  parameters: (string | null)[]
  outcome: string
  ms: number | undefined
  rows: number | undefined
  said: string
  /** What it gave back, as far as it was kept. */
  gave: KeptResult[]
}
export interface KeptResult {
  columns: string[]
  rows: (string | null)[][]
}
export interface FileAct {
  seconds: number
  n: number
  what: string
  outcome: string
  bytes: number | undefined
  sha256: string
  message: string
}

/** What happened in a session, as far as viewers see it. */
export class Content {
  readonly screen: ScreenEvent[] = []
  readonly commands: { seconds: number; text: string }[] = []
  readonly statements: Statement[] = []
  readonly files: FileAct[] = []
  readonly keystrokes = { proven: 0, unproven: 0 }
  duration = 0
  readonly #start: number
  readonly #files = new Map<number, FileAct>()
  readonly #pieces = new Map<number, { statement: Statement; pieces: Uint8Array[] }>()

  /** `start` in microseconds, as the frames' times. */
  constructor(start: number) {
    this.#start = start
  }

  take(at: number, frame: Frame): void {
    const seconds = Math.max(0, at - this.#start) / 1_000_000
    this.duration = Math.max(this.duration, seconds)
    switch (frame.kind) {
      case 'output':
        return void this.screen.push({ seconds, bytes: frame.bytes })
      case 'resize':
        return void this.screen.push({ seconds, columns: frame.columns, rows: frame.rows })
      case 'input':
        this.keystrokes.proven += frame.bytes.length
        return
      case 'hidden':
        this.keystrokes.unproven += frame.count
        return
      case 'command':
        return void this.commands.push({ seconds, text: frame.text })
      case 'statement': {
        const remark = [frame.masked && 'masked', frame.again && `${frame.again} as in #${frame.of}`].filter(Boolean).join(', ')
        const statement = {
          seconds,
          n: frame.n,
          sql: '',
          remark,
          parameters: [],
          outcome: 'open',
          ms: undefined,
          rows: undefined,
          said: '',
          gave: [],
        }
        this.statements.push(statement)
        this.#pieces.set(frame.n, { statement, pieces: [frame.content] })
        return
      }
      case 'statement_more':
        return void this.#pieces.get(frame.n)?.pieces.push(frame.bytes)
      case 'result':
        gave(this.#pieces.get(frame.n)?.statement.gave, frame)
        return
      case 'statement_end': {
        const one = this.#pieces.get(frame.n)?.statement
        if (one) Object.assign(one, { outcome: frame.outcome, ms: frame.ms, rows: frame.rows, said: frame.message || frame.tag })
        return
      }
      case 'file': {
        const { n, op, path, to, outcome, bytes, sha256, message } = frame
        const act = { what: [op, path, to && `→ ${to}`].filter(Boolean).join(' '), outcome, bytes, sha256, message }
        const first = this.#files.get(n)
        if (first) return void Object.assign(first, act)
        const begun = { seconds, n, ...act }
        this.#files.set(n, begun)
        this.files.push(begun)
      }
    }
  }

  /** To be called when all frames were taken. */
  finish(): this {
    for (const { statement, pieces } of this.#pieces.values()) Object.assign(statement, contentOf(pieces))
    this.#pieces.clear()
    this.commands.sort((a, b) => a.seconds - b.seconds)
    return this
  }
}

function gave(results: KeptResult[] | undefined, { columns, row }: Extract<Frame, { kind: 'result' }>): void {
  if (columns) results?.push({ columns, rows: [] })
  if (row) results?.at(-1)?.rows.push(row)
}

function contentOf(pieces: readonly Uint8Array[]): { sql: string; parameters: (string | null)[] } {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  const read = new Fields(bytes)
  const sql = read.text()
  const parameters: (string | null)[] = []
  for (let left = read.sound ? read.number() : 0; left > 0 && read.sound; left--) {
    const length = read.number()
    parameters.push(length === 0 ? null : read.text(length - 1))
  }
  return { sql, parameters }
}
