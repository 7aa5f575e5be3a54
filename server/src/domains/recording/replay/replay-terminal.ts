import xterm, { type Terminal } from '@xterm/headless'
import type { ReplayScreen } from './outline.ts'
import { screenText } from './screen-text.ts'
import { Unfinished } from './unfinished.ts'

/** Characters. */
const drawnAtOnce = 64 * 1024

const bounded = (size: number): number => Math.min(1000, Math.max(2, Math.floor(size) || 2))

/** The terminal that a recording was made in, without a window: followed so that what stood on it can be written down now and then. */
export class ReplayTerminal {
  readonly #terminal: Terminal
  readonly #unfinished = new Unfinished()
  #waiting = ''

  constructor({ columns, rows }: { columns: number; rows: number }, rawLines: boolean) {
    // a target's bytes are no protocol for us: what they ask of a terminal is answered to nobody
    const options = { cols: bounded(columns), rows: bounded(rows), scrollback: 0, allowProposedApi: true, convertEol: rawLines }
    this.#terminal = new xterm.Terminal({ ...options, logLevel: 'off' })
  }

  /** Drawn when there is enough of it, for each drawing waits its turn; resolves at once until then. */
  async output(text: string): Promise<void> {
    this.#unfinished.push(text)
    this.#waiting += text
    if (this.#waiting.length >= drawnAtOnce) await this.#draw()
  }

  #draw(): Promise<void> {
    const text = this.#waiting
    this.#waiting = ''
    return new Promise((drawn) => this.#terminal.write(text, drawn))
  }

  async resize(columns: number, rows: number): Promise<void> {
    // what was written before belongs onto the screen of before
    await this.#draw()
    this.#terminal.resize(bounded(columns), bounded(rows))
  }

  async screen(): Promise<ReplayScreen> {
    await this.#draw()
    const { cols: columns, rows } = this.#terminal
    return { columns, rows, text: screenText(this.#terminal) + this.#unfinished.text }
  }

  dispose(): void {
    this.#terminal.dispose()
  }
}
