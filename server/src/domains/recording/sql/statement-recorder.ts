import type { StatementEnd, StatementStart } from '../../../gateways/contract.ts'
import type { FrameBody } from '../../../protocols/recording/index.ts'
import type { MaskedSql } from './mask-statement.ts'
import { sharedMasker } from './masker.ts'
import { isSecretValue, masked } from './sensitive.ts'

const longestSql = 32 * 1024
const longestParameter = 1024
const allParameters = 16 * 1024
const longestMessage = 2048
const mostParameters = 500
/** Characters that may wait for the parser before the session is held back. */
const heldBack = 1024 * 1024

export interface StatementRecorderDeps {
  append(body: FrameBody): void
  /** Microseconds from the segment's start. */
  now(): number
  /** Masks the injected credential. */
  scrub(text: string): string
}

/** Frames of an SQL session in the order in which things happened, though masking takes a statement longer or shorter. */
export class StatementRecorder {
  readonly #deps: StatementRecorderDeps
  /** What waits for its turn; undefined until it is known. */
  readonly #turns: { frame: (() => void) | undefined }[] = []
  /** Statements that run and whose target may repeat something secret. */
  readonly #delicate = new Set<number>()
  #waiting = 0
  #calm: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(deps: StatementRecorderDeps) {
    this.#deps = deps
  }

  started(statement: StatementStart): void {
    const at = this.#deps.now()
    // until the parser has spoken, everything may be secret
    this.#delicate.add(statement.n)
    const result = sharedMasker().mask(statement.sql, statement.truncated)
    const turn = this.#takeTurn()
    const settle = (mask: MaskedSql) => {
      if (!mask.sensitive) this.#delicate.delete(statement.n)
      turn.frame = () => this.#deps.append(this.#startFrame(statement, mask, at))
      this.#advance()
    }
    if (!(result instanceof Promise)) {
      settle(result)
      return
    }
    const { length } = statement.sql
    this.#waiting += length
    void result.then((mask) => {
      this.#waiting -= length
      settle(mask)
      if (this.#waiting <= heldBack / 2) this.#calm?.resolve()
    })
  }

  ended(end: StatementEnd): void {
    const at = this.#deps.now()
    this.#takeTurn().frame = () => {
      const delicate = this.#delicate.delete(end.n)
      this.#deps.append(this.#endFrame(end, delicate, at))
    }
    this.#advance()
  }

  /** Resolves when enough was masked; undefined when there is nothing to wait for. */
  pressure(): Promise<void> | undefined {
    if (this.#waiting <= heldBack) return undefined
    this.#calm ??= withEnd(() => {
      this.#calm = undefined
    })
    return this.#calm.promise
  }

  /** Resolves when all of it is on its way to the disk. */
  async drain(): Promise<void> {
    while (this.#turns.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  #takeTurn(): { frame: (() => void) | undefined } {
    const turn = { frame: undefined }
    this.#turns.push(turn)
    return turn
  }

  #advance(): void {
    for (let first = this.#turns[0]; first?.frame; first = this.#turns[0]) {
      this.#turns.shift()
      first.frame()
    }
  }

  #startFrame({ n, via, truncated, parameters }: StatementStart, mask: MaskedSql, at: number): FrameBody {
    const sql = cut(this.#deps.scrub(mask.sql), longestSql)
    const values = this.#parameters(parameters, mask.sensitive)
    return {
      kind: 'statement',
      ago: Math.max(0, this.#deps.now() - at),
      n,
      via,
      truncated: truncated || sql.cut || values.cut,
      masked: mask.masked || values.masked,
      sql: sql.text,
      parameters: values.list,
    }
  }

  #parameters(given: readonly (string | null)[], sensitive: boolean): { list: (string | null)[]; cut: boolean; masked: boolean } {
    let left = allParameters
    let anyCut = given.length > mostParameters
    let anyMasked = false
    const list = given.slice(0, mostParameters).map((value) => {
      if (value === null) return null
      if (sensitive || isSecretValue(value)) {
        anyMasked = true
        return masked
      }
      const short = cut(this.#deps.scrub(value), Math.min(longestParameter, left))
      left -= Buffer.byteLength(short.text)
      anyCut ||= short.cut
      return short.text
    })
    return { list, cut: anyCut, masked: anyMasked }
  }

  #endFrame(end: StatementEnd, delicate: boolean, at: number): FrameBody {
    const said = this.#deps.scrub(end.message ?? '')
    // what a target complains about stands in quotes: syntax error at or near "…"
    const message = delicate ? said.replaceAll(/"[^"]*"?|'[^']*'?/g, `"${masked}"`) : said
    return {
      kind: 'statement_end',
      ago: Math.max(0, this.#deps.now() - at),
      n: end.n,
      duration: Math.max(0, Math.round(end.durationMs * 1000)),
      rows: end.rows,
      size: end.bytes,
      outcome: end.outcome,
      tag: cut(end.tag ?? '', 128).text,
      sqlState: cut(end.sqlState ?? '', 16).text,
      message: cut(isSecretValue(message) ? masked : message, longestMessage).text,
    }
  }
}

function withEnd(whenDone: () => void): { promise: Promise<void>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise: promise.then(whenDone), resolve }
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): { text: string; cut: boolean } {
  if (text.length * 3 <= bytes) return { text, cut: false }
  const all = Buffer.from(text)
  if (all.length <= bytes) return { text, cut: false }
  let end = Math.max(0, bytes)
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end--
  return { text: all.subarray(0, end).toString(), cut: true }
}
