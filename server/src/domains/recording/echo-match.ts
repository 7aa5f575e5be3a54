import type { DrawnCells, Stood } from './drawn-cells.ts'
import { Key } from './input-keys.ts'
import { newline } from './output-text.ts'

/**
 * What a character from the target is to a line: its next key, nothing new or nothing to do with it, a contradiction, or the end of a line all
 * of which was echoed; `whole?` when it may also be a step down within the line, which a step up again would tell.
 */
export type Fed = 'echo' | 'fits' | 'contradicts' | 'whole' | 'whole?'

const space = 0x20
const separates = (key: number | undefined): boolean => key === Key.edit || key === Key.paste

/**
 * Follows the echo of one line's keys. Until the first key that edits, and the size stays, character after character must be echoed and
 * nothing else may come between: `exact`. After that only the target knows what it draws; then what was typed in one run must come to stand
 * on the line in one run.
 */
export class EchoMatch {
  /** Characters as numbers, and keys that are none as in `Key`. */
  readonly keys: number[] = []
  #next = 0
  #echoed = false
  #exact = true
  /** For each key the state of the cells when it was typed, and that when the latest one was echoed. */
  readonly #typed: number[] = []
  #matched = 0
  /** The run that is waited for: its first key, and the state of the cells from which its echo may come. */
  #run = 0
  #since = 0
  /** The target has gone on to another row, not by the person's keys: only a line with the same prompt is ours. */
  #strayed = false

  /** `now` as `DrawnCells.changes` says. */
  push(key: number, now: number): void {
    this.#typed.push(now)
    this.keys.push(key)
  }

  /** Something was echoed. */
  get echoed(): boolean {
    return this.#echoed
  }

  get exact(): boolean {
    return this.#exact
  }

  /** What still waits for its echo was on its way when the terminal changed its size: the target draws all of it again. */
  resized(): void {
    if (this.#next < this.keys.length) this.#loosen()
  }

  /** One character of text from the target, or a line feed, which is drawn already, and how it stood there before. */
  feed(code: number, stood: Stood, cells: DrawnCells): Fed {
    while (separates(this.keys[this.#next])) {
      this.#next++
      this.#loosen()
    }
    const key = this.keys[this.#next]
    if (code === newline) return this.#lineFeed(key, stood, cells)
    return this.#exact ? this.#exactly(code, key, stood, cells) : this.#inOneRun(key, cells)
  }

  #loosen(): void {
    this.#exact = false
    this.#run = this.#next
    this.#since = this.#matched
  }

  #lineFeed(key: number | undefined, stood: Stood, cells: DrawnCells): Fed {
    if (stood === 'sure') return 'fits'
    if (key === Key.enter) return stood === 'drawn' ? 'whole?' : 'whole'
    if (key === Key.pastedNewline) {
      this.#next++
      this.#loosen()
      return 'fits'
    }
    if (stood === 'drawn' || key === undefined) return 'fits'
    if (this.#exact) return 'contradicts'
    this.#strayed = true
    cells.restart()
    return 'fits'
  }

  #exactly(code: number, key: number | undefined, stood: Stood, cells: DrawnCells): Fed {
    // line editors go back and draw again what stands there: no news
    if (key === undefined || stood === 'sure' || (stood === 'drawn' && code !== key)) return 'fits'
    if (code === key) return this.#echo(this.#next + 1, cells)
    // spaces wipe what was erased, and fill the end of a wrapped line
    return code === space ? 'fits' : 'contradicts'
  }

  #inOneRun(key: number | undefined, cells: DrawnCells): Fed {
    if (key === undefined || key < 0 || (this.#strayed && !cells.atPrompt)) return 'echo'
    let end = this.#next
    while ((this.keys[end] ?? -1) >= 0) end++
    const since = Math.max(this.#since, this.#typed[this.#run] ?? 0)
    return cells.shows(this.keys.slice(this.#run, end), since) ? this.#echo(end, cells) : 'echo'
  }

  #echo(next: number, cells: DrawnCells): Fed {
    this.#next = next
    this.#matched = cells.changes
    this.#echoed = true
    return this.keys[next] === Key.abandon ? 'whole' : 'echo'
  }
}
