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
  #waiting = 0
  #work: Promise<void> = Promise.resolve()

  constructor(found: (command: EnteredCommand) => void) {
    this.#found = found
  }

  entered(line: ProvenLine): void {
    const { enteredAt, screen, text: typed } = line
    if (enteredAt === undefined) return
    this.#waiting++
    this.#work = this.#work.then(async () => {
      const shown = screen && this.#waiting <= mostWaiting ? await readScreenLine(screen) : undefined
      this.#waiting--
      const text = choose(shown, typed?.trim())
      if (text) this.#found({ text: text.slice(0, longestCommand), enteredAt })
    })
  }

  async drain(): Promise<void> {
    await this.#work
  }
}

/** What was typed; the screen where only that says what keys did, and where it shows more, as brackets that an application closes by itself. */
function choose(shown: string | undefined, typed: string | undefined): string | undefined {
  return typed === undefined || shown?.startsWith(typed) ? shown : typed
}
