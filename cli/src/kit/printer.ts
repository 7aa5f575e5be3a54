import { CliError } from './exit.ts'
import type { Writer } from './io.ts'
import { type Column, drawTable, plainTable } from './table.ts'
import { harmless, type Paint, padTo, painter, type Style, widthOf, wrap } from './text.ts'
import { distance, local } from './times.ts'

export type Fact = readonly [label: string, value: string, style?: Style | undefined]

/** The only thing that commands print with: one answer as JSON, or as text for people, or plain for pipes. */
export class Printer {
  readonly #writer: Writer
  readonly #json: boolean
  readonly paint: Paint

  constructor(writer: Writer, json: boolean) {
    this.#writer = writer
    this.#json = json
    this.paint = painter(writer.coloured && !json)
  }

  get json(): boolean {
    return this.#json
  }

  /** The answer of a command. The shape of `document` is an API: fields may be added, and `version` grows when one changes. */
  answer(document: object, forPeople: () => void): void {
    if (this.#json) this.#writer.out(`${JSON.stringify({ version: 1, ...document }, null, this.#writer.terminal ? 2 : 0)}\n`)
    else forPeople()
  }

  table<Row>(columns: readonly Column<NoInfer<Row>>[], rows: readonly Row[], whenEmpty: string): void {
    if (rows.length === 0) this.hint(whenEmpty)
    else if (this.#writer.terminal) this.#writer.out(drawTable(columns, rows, this.#writer.columns, this.paint))
    else this.#writer.out(plainTable(columns, rows))
  }

  /** Labelled values, one below the other. */
  facts(facts: readonly Fact[]): void {
    if (!this.#writer.terminal) {
      for (const [label, value] of facts) this.#writer.out(`${label}\t${harmless(value)}\n`)
      return
    }
    const margin = Math.max(...facts.map(([label]) => widthOf(label))) + 4
    for (const [label, value, style] of facts) {
      const [first = '', ...rest] = wrap(Math.max(40, this.#writer.columns - margin), harmless(value))
      this.#writer.out(`  ${this.paint('dim', padTo(margin - 2, label))}${this.paint(style, first)}\n`)
      for (const line of rest) this.#writer.out(`${' '.repeat(margin)}${this.paint(style, line)}\n`)
    }
  }

  line(text: string, style?: Style): void {
    this.#writer.out(`${this.paint(style, harmless(text))}\n`)
  }

  /** Text that is meant byte for byte: a note, a script, a terminal recording. */
  raw(text: string): void {
    this.#writer.out(text)
  }

  /** Something worth knowing that is no answer: on the terminal only, beside the answer. */
  hint(text: string): void {
    if (!this.#json) this.#writer.err(`${harmless(text)}\n`)
  }

  next(command: string): void {
    if (this.#writer.terminal && !this.#json) this.#writer.err(`${this.paint('dim', 'Next:')} ${harmless(command)}\n`)
  }

  /** Local time and how far off for people, ISO for programs. */
  time(iso: string | null): string {
    if (iso === null) return '–'
    return this.#writer.terminal ? `${local(iso)} (${distance(iso)})` : iso
  }

  error(error: unknown): void {
    const known = error instanceof CliError ? error : new CliError('failed', `Something went wrong inside claviger: ${String(error)}`)
    const { code, message, next, issues } = known
    if (this.#json) {
      this.#writer.out(
        `${JSON.stringify({ version: 1, error: { code, message, ...(issues.length > 0 && { issues }), ...(next && { next }) } })}\n`,
      )
      return
    }
    this.#writer.err(`claviger: ${harmless(message)}\n`)
    for (const issue of issues) this.#writer.err(`  ${harmless(issue)}\n`)
    if (next) this.#writer.err(`Next: ${harmless(next)}\n`)
  }
}
