import { readVarint, varint } from './varint.ts'

/** A statement when it starts (docs/formats.md, Statements). */
export interface StatementBody {
  kind: 'statement'
  /** Microseconds from the start of the statement to the frame's time. */
  ago: number
  n: number
  via: 'simple' | 'extended'
  /** Only the beginning of the text, or not all parameters, or not all of one. */
  truncated: boolean
  /** Something in the text or the parameters was masked. */
  masked: boolean
  sql: string
  parameters: readonly (string | null)[]
}

export interface StatementEndBody {
  kind: 'statement_end'
  ago: number
  n: number
  /** Microseconds. */
  duration: number
  rows: number | null
  /** Bytes of the answer. */
  size: number
  outcome: 'ok' | 'failed' | 'cancelled' | 'cut'
  tag: string
  sqlState: string
  message: string
}

const outcomes = ['ok', 'failed', 'cancelled', 'cut'] as const
const flag = { extended: 1, truncated: 2, masked: 4 } as const
const mostParameters = 65_535
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const text = (value: string): Uint8Array => {
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

export function encodeStatement({ ago, n, via, truncated, masked, sql, parameters }: StatementBody): Uint8Array {
  const flags = (via === 'extended' ? flag.extended : 0) | (truncated ? flag.truncated : 0) | (masked ? flag.masked : 0)
  const values = parameters.map((p) => {
    if (p === null) return varint(0)
    const bytes = Buffer.from(p)
    return Buffer.concat([varint(bytes.length + 1), bytes])
  })
  return Buffer.concat([varint(ago), varint(n), Uint8Array.of(flags), text(sql), varint(parameters.length), ...values])
}

export function encodeStatementEnd(end: StatementEndBody): Uint8Array {
  const { ago, n, duration, rows, size, outcome, tag, sqlState, message } = end
  const numbers = [ago, n, duration, rows === null ? 0 : rows + 1, size].map(varint)
  return Buffer.concat([...numbers, Uint8Array.of(outcomes.indexOf(outcome)), text(tag), text(sqlState), text(message)])
}

export function decodeStatement(bytes: Uint8Array): StatementBody | undefined {
  const read = new Fields(bytes)
  const [ago, n, flags, sql, count] = [read.number(), read.number(), read.byte(), read.text(), read.number()]
  if (flags > 7 || count > mostParameters) return undefined
  const parameters: (string | null)[] = []
  for (let i = 0; i < count && read.sound; i++) {
    const length = read.number()
    parameters.push(length === 0 ? null : read.piece(length - 1))
  }
  if (!read.whole) return undefined
  return {
    kind: 'statement',
    ago,
    n,
    via: flags & flag.extended ? 'extended' : 'simple',
    truncated: (flags & flag.truncated) !== 0,
    masked: (flags & flag.masked) !== 0,
    sql,
    parameters,
  }
}

export function decodeStatementEnd(bytes: Uint8Array): StatementEndBody | undefined {
  const read = new Fields(bytes)
  const [ago, n, duration, rows, size] = [read.number(), read.number(), read.number(), read.number(), read.number()]
  const outcome = outcomes[read.byte()]
  const [tag, sqlState, message] = [read.text(), read.text(), read.text()]
  if (!read.whole || !outcome) return undefined
  return { kind: 'statement_end', ago, n, duration, rows: rows === 0 ? null : rows - 1, size, outcome, tag, sqlState, message }
}

/** Reads field after field; what does not fit makes all of it unsound. */
class Fields {
  readonly #bytes: Uint8Array
  #at = 0
  sound = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Everything fitted, and nothing is left over. */
  get whole(): boolean {
    return this.sound && this.#at === this.#bytes.length
  }

  number(): number {
    const read = readVarint(this.#bytes, this.#at)
    if (!read) this.sound = false
    this.#at = read?.next ?? this.#bytes.length
    return read?.value ?? 0
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) this.sound = false
    return byte ?? 0
  }

  piece(length: number): string {
    const end = this.#at + length
    if (end > this.#bytes.length) this.sound = false
    const piece = utf8.decode(this.#bytes.subarray(this.#at, end))
    this.#at = end
    return piece
  }

  text(): string {
    return this.piece(this.number())
  }
}
