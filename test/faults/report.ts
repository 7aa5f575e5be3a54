import type { Loss } from './losses/loss.ts'
import { type Injection, inWords } from './plan.ts'

/** What became of one injection. */
export interface Struck {
  injection: Injection<string>
  /** Why it was not survived: the work could not be finished, or something ended that should have gone on. */
  trouble: string | undefined
  /** From the fault until everything was well again and the step done. */
  seconds: number
}

/** The same of any suite: for people where and what, for programs the facts. */
export interface Injected {
  where: string
  what: string
  facts: object
  trouble: string | undefined
  seconds: number
}

export interface Total {
  suite: string
  injected: number
  survived: number
  lost: number
}

const colours = { green: 32, red: 31, dim: 2, bold: 1 } as const

/** Progress for people on standard error; on standard output with `json` only JSON, one object a line, else the sum in words. */
export class Report {
  readonly total: Total
  readonly #json: boolean
  readonly #coloured = process.stderr.isTTY === true && process.env.NO_COLOR === undefined
  readonly #began = performance.now()

  constructor(suite: string, json: boolean) {
    this.total = { suite, injected: 0, survived: 0, lost: 0 }
    this.#json = json
  }

  say(text: string, colour: keyof typeof colours = 'dim'): void {
    process.stderr.write(`${this.#paint(text, colour)}\n`)
  }

  struck({ injection, trouble, seconds }: Struck): void {
    const { step, afterMs, fault } = injection
    const where = `${step} +${(afterMs / 1000).toFixed(1)} s`
    this.injected({ where, what: inWords(fault), facts: { step, afterMs, fault }, trouble, seconds })
  }

  injected({ where, what, facts, trouble, seconds }: Injected): void {
    this.total.injected += 1
    if (trouble === undefined) this.total.survived += 1
    const mark = trouble === undefined ? this.#paint('✓', 'green') : this.#paint('✗', 'red')
    const number = String(this.total.injected).padStart(3)
    process.stderr.write(`${mark} ${number}  ${where.padEnd(16)} ${what.padEnd(42)} ${this.#paint(`${seconds.toFixed(1)} s`, 'dim')}\n`)
    if (trouble !== undefined) process.stderr.write(`      ${this.#paint(trouble, 'red')}\n`)
    this.#line({ injection: this.total.injected, ...facts, survived: trouble === undefined, ...(trouble && { trouble }), seconds })
  }

  lost(losses: readonly Loss[]): void {
    this.total.lost += losses.length
    for (const { kind, what, why } of losses) {
      process.stderr.write(`${this.#paint('✗ lost', 'red')}  ${kind}: ${what}: ${why}\n`)
      this.#line({ loss: kind, what, why })
    }
  }

  end(): void {
    const { suite, injected, survived, lost } = this.total
    const took = `${((performance.now() - this.#began) / 60_000).toFixed(1)} min`
    const sum = `${suite}: ${injected} injected, ${survived} survived, ${lost} lost (${took})`
    if (this.#json) {
      this.say(sum, lost === 0 && survived === injected ? 'green' : 'red')
      process.stdout.write(`${JSON.stringify(this.total)}\n`)
    } else process.stdout.write(`${sum}\n`)
  }

  #line(value: object): void {
    if (this.#json) process.stdout.write(`${JSON.stringify(value)}\n`)
  }

  #paint(text: string, colour: keyof typeof colours): string {
    return this.#coloured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text
  }
}
