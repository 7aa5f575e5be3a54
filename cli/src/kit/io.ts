import type { Readable, Writable } from 'node:stream'
import { Redactor } from './redact.ts'

export interface Input extends Readable {
  isTTY?: boolean
}
export interface Output extends Writable {
  isTTY?: boolean
  columns?: number
}

/** Everything that a command may touch of its process, in one place, so that tests can hand in their own. */
export interface Io {
  env: Record<string, string | undefined>
  stdin: Input
  stdout: Output
  stderr: Output
}

/** The one way to the terminal: blanks tokens, and knows whether people or programs are reading. */
export class Writer {
  readonly redactor = new Redactor()
  readonly #io: Io
  /** Whether standard output is read by a person. */
  readonly terminal: boolean
  readonly coloured: boolean
  readonly columns: number

  constructor(io: Io) {
    this.#io = io
    this.terminal = io.stdout.isTTY === true
    this.coloured = this.terminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
    this.columns = io.stdout.columns ?? 100
  }

  /** Answers, for pipes. */
  out(text: string): void {
    this.#io.stdout.write(this.redactor.clean(text))
  }

  /** Progress, questions and refusals, which must not end up in a pipe. */
  err(text: string): void {
    this.#io.stderr.write(this.redactor.clean(text))
  }
}
