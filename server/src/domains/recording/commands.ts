import type { ProvenLine } from './proven-input.ts'
import { readScreenLine } from './screen-line.ts'

const longestCommand = 8192
/** More lines than this at once are someone feeding a script; then the text as typed must do. */
const mostWaiting = 256

export interface EnteredCommand {
  text: string
  /** When Enter was typed, in the caller's time. */
  enteredAt: number
}

/**
 * Finds the commands in a session: of each proven line that was entered, the text as it stood on the screen. Works behind the
 * session, never in its way; `drain` waits until it has caught up.
 */
export class CommandFinder {
  readonly #found: (command: EnteredCommand) => void
  #size: { columns: number; rows: number }
  #waiting = 0
  #work: Promise<void> = Promise.resolve()

  constructor(size: { columns: number; rows: number }, found: (command: EnteredCommand) => void) {
    this.#size = size
    this.#found = found
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows }
  }

  entered(line: ProvenLine): void {
    const { enteredAt, screen, text: typed } = line
    if (enteredAt === undefined) return
    const size = this.#size
    this.#waiting++
    this.#work = this.#work.then(async () => {
      const shown = screen && this.#waiting <= mostWaiting ? await readScreenLine({ ...size, ...screen }) : undefined
      this.#waiting--
      const text = choose(shown, typed?.trim())
      if (text) this.#found({ text: text.slice(0, longestCommand), enteredAt })
    })
  }

  async drain(): Promise<void> {
    await this.#work
  }
}

/** The screen says what the person saw. What was only typed is better where the line was drawn twice, or could not be read off the screen. */
function choose(shown: string | undefined, typed: string | undefined): string | undefined {
  if (shown === undefined) return typed
  return typed !== undefined && (shown.endsWith(typed) || typed.includes('\n')) ? typed : shown
}
