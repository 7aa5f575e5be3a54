import { type Output, Writer } from '../../cli/src/kit/io.ts'
import { Progress } from '../../cli/src/kit/progress.ts'
import { type Column, drawTable } from '../../cli/src/kit/table.ts'
import { harmless, painter, wrap } from '../../cli/src/kit/text.ts'
import type { Row } from './proof.ts'
import type { Outcome, Report } from './run-steps.ts'
import type { Step } from './tour.ts'

/** One block per step: what it is about, the evidence as tables and lines, and what was proven. */
export class PeoplePrinter implements Report {
  readonly #writer: Writer
  readonly #width: number
  readonly #paint: ReturnType<typeof painter>
  readonly #progress: Progress
  #over: () => void = () => undefined
  #number = 0

  constructor(io: { env: NodeJS.ProcessEnv; stdin: NodeJS.ReadStream; stdout: Output; stderr: Output }) {
    this.#writer = new Writer(io)
    this.#width = Math.max(80, this.#writer.terminal ? this.#writer.columns : 180)
    this.#paint = painter(this.#writer.coloured)
    this.#progress = new Progress(io, this.#writer)
  }

  begun(step: Step): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#over = resolve
    void this.#progress.during(step.title, promise)
  }

  waiting(what: string): void {
    this.#writer.err(`${this.#paint('dim', `  … ${what}`)}\n`)
  }

  over(step: Step, { ok, ms, evidence }: Outcome): void {
    this.#over()
    this.#number += 1
    const { proven, error, ...shown } = evidence as Record<string, unknown> & { proven: string[]; error?: string }
    const mark = ok ? this.#paint('green', '✓') : this.#paint('red', '✗')
    this.#line(
      `\n${mark} ${this.#paint('bold', `${this.#number} ${step.name}`)}  ${step.title}  ${this.#paint('dim', `${(ms / 1000).toFixed(1)} s`)}`,
    )
    for (const [name, value] of Object.entries(shown)) this.#show(name, value)
    for (const sentence of proven) this.#wrapped(this.#paint('green', '✓'), sentence)
    if (error !== undefined) this.#wrapped(this.#paint('red', '✗'), error)
  }

  line(text: string): void {
    this.#line(text)
  }

  #show(name: string, value: unknown): void {
    if (!Array.isArray(value)) {
      this.#wrapped(this.#paint('dim', `${name}:`), String(value ?? '–'))
      return
    }
    this.#line(`    ${this.#paint('dim', `${name}:`)}`)
    if (typeof value[0] !== 'object') for (const line of value) this.#line(`      ${harmless(String(line))}`)
    else this.#line(table(value as Row[], this.#width - 6, this.#paint))
  }

  #wrapped(mark: string, text: string): void {
    const [first = '', ...rest] = wrap(this.#width - 12, harmless(text))
    this.#line(`    ${mark} ${first}`)
    for (const line of rest) this.#line(`      ${line}`)
  }

  #line(text: string): void {
    this.#writer.out(`${text}\n`)
  }
}

function table(rows: readonly Row[], width: number, paint: ReturnType<typeof painter>): string {
  const columns = Object.keys(rows[0] ?? {}).map(
    (key): Column<Row> => ({ title: key.toUpperCase(), value: (row) => String(row[key] ?? '–') }),
  )
  const drawn = drawTable(columns, rows, width, paint).trimEnd().split('\n')
  return drawn.map((line) => `      ${line}`).join('\n')
}
