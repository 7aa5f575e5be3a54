import type { Measurement } from './measurement.ts'

/** One object a line on standard output with `json`, a table row otherwise; what is being done goes to standard error. */
export class Report {
  readonly #json: boolean
  readonly #coloured = process.stderr.isTTY === true && process.env.NO_COLOR === undefined

  constructor(json: boolean) {
    this.#json = json
  }

  say(text: string): void {
    process.stderr.write(this.#coloured ? `\u001b[2m${text}\u001b[0m\n` : `${text}\n`)
  }

  measured(one: Measurement): void {
    if (this.#json) return void process.stdout.write(`${JSON.stringify(one)}\n`)
    const { metric, value, unit, anchor, anchor_value, ratio, better, runs } = one
    const compared = anchor === null ? 'no anchor' : `×${ratio} of ${anchor} (${anchor_value} ${unit})`
    process.stdout.write(`${metric.padEnd(28)} ${`${value} ${unit}`.padEnd(18)} ${compared}; ${better} is better, ${runs} runs\n`)
  }
}
