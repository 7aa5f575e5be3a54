import type { Io, Writer } from './io.ts'
import { spell } from './times.ts'

/** Says on standard error what is being waited for: a turning mark in a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #writer: Writer
  readonly #terminal: boolean

  constructor(io: Io, writer: Writer) {
    this.#writer = writer
    this.#terminal = io.stderr.isTTY === true && io.env.TERM !== 'dumb'
  }

  async during<T>(what: string | (() => string), work: Promise<T>): Promise<T> {
    const began = Date.now()
    let turns = 0
    const turn = () => {
      const now = typeof what === 'string' ? what : what()
      const passed = spell((Date.now() - began) / 1000)
      if (this.#terminal) this.#writer.err(`\r\u001b[2K${'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[turns % 10]} ${now} (${passed})`)
      else this.#writer.err(`${now} (${passed})\n`)
      turns += 1
    }
    const first = setTimeout(turn, this.#terminal ? 200 : 2_000)
    const every = setInterval(turn, this.#terminal ? 120 : 15_000)
    try {
      return await work
    } finally {
      clearTimeout(first)
      clearInterval(every)
      if (this.#terminal && turns > 0) this.#writer.err('\r\u001b[2K')
    }
  }
}
