import { howItEnded, utf8Decoder } from './export-asciicast.ts'
import type { RecordingReader } from './recording-reader.ts'

const longestLine = 16 * 1024

/** What was shown, as lines of plain text: colours and cursor movements gone, what was overwritten on a line as it stood last. */
export async function* plainText(reader: RecordingReader): AsyncGenerator<string> {
  const decode = utf8Decoder()
  const line = new PlainLine()
  for await (const frame of reader.frames()) {
    if (frame.kind === 'output') yield* line.push(decode(frame.bytes))
  }
  yield* line.end()
  const ending = howItEnded(reader)
  if (ending) yield `${ending}\n`
}

// a control sequence, a string to BEL or ST, a two-character escape; or one that the end of the piece cuts off
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]{0,8192}(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/g
const unfinished = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,8192}\x1b?|[ -/]*)?$/

/** One line as it stands, with a cursor: enough for prompts, progress and corrections, not a terminal. */
class PlainLine {
  #rest = ''
  #cells: string[] = []
  #cursor = 0

  push(text: string): string[] {
    let whole = this.#rest + text.replaceAll('\x00', '')
    this.#rest = unfinished.exec(whole)?.[0] ?? ''
    whole = whole.slice(0, whole.length - this.#rest.length)
    const lines: string[] = []
    // the one sequence that says what is left of a line, as NUL; others are colours and places
    for (const part of whole.replaceAll(/\x1b\[0?K/g, '\x00').replaceAll(escapes, '')) {
      if (part === '\n' || this.#cells.length > longestLine) lines.push(this.#take())
      if (part === '\r') this.#cursor = 0
      else if (part === '\b') this.#cursor = Math.max(0, this.#cursor - 1)
      else if (part === '\x00') this.#cells.length = Math.min(this.#cells.length, this.#cursor)
      else if (part === '\t' || part >= ' ') this.#put(part)
    }
    return lines
  }

  end(): string[] {
    return this.#cells.length > 0 ? [this.#take()] : []
  }

  #put(character: string): void {
    while (this.#cells.length < this.#cursor) this.#cells.push(' ')
    this.#cells[this.#cursor++] = character
  }

  #take(): string {
    const line = `${this.#cells.join('').trimEnd()}\n`
    this.#cells = []
    this.#cursor = 0
    return line
  }
}
