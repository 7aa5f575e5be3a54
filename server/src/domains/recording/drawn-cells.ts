import { widthOf } from './character-width.ts'
import { backspace, carriageReturn, newline, OutputText, tab } from './output-text.ts'

/** How a character stood already where it is drawn: `sure` as prompt or echo, `drawn` for no reason that we know, or not at all. */
export type Stood = 'sure' | 'drawn' | undefined

interface Cell {
  code: number
  sure: boolean
  wiped: boolean
  /** A space in the place of something. */
  blanks: boolean
  /** The count of changes when it became what it is. */
  changed: number
}

/** So many cells and we begin anew: more is no line that someone types. */
const mostCells = 32 * 1024
const space = 0x20
/** The right half of a wide character. */
const half = -1
/** Line editors wipe the end of a row and draw it again, which is no news; but it may as well be typed again. */
const wiped = (cell: Cell | undefined): Cell | undefined => cell && { ...cell, sure: false, wiped: true }

/**
 * What a terminal shows of the line that is typed, so that drawing again what stands there is told from drawing something new. Cells are
 * numbered through the rows from the beginning of the prompt: a row that the right margin broke goes on in the next.
 *
 * A carriage return goes to the first cell of the row, but which row that is may be open: when the cursor hangs at the margin, and after a
 * resize. So there may be several places, and the next character tells which it is.
 */
export class DrawnCells {
  #columns: number
  #cells: (Cell | undefined)[] = []
  #origin = 0
  /** Where the cursor may be, likeliest first. */
  #at: number[] = [0]
  #last: Cell | undefined
  #lastAt = 0
  #changes = 0
  #prompt: number[] = []
  /** Since a resize nothing was drawn from the beginning again. */
  #resized = false

  constructor(columns: number) {
    this.#columns = columns
  }

  /** As terminals do it: broken rows flow into the new width. Line editors then draw all from the beginning. */
  resize(columns: number): void {
    this.#columns = columns
    this.#resized = true
  }

  /** Counts what was drawn that did not stand there before. */
  get changes(): number {
    return this.#changes
  }

  /** Forgets everything and draws what stands before the cursor, raw output. */
  begin(prompt: Uint8Array): void {
    this.#forget(0)
    const text = new OutputText()
    for (const byte of prompt) {
      text.push(byte, {
        text: (code) => {
          this.draw(code)
          this.echoed()
        },
        move: (final, count) => this.move(final, count),
      })
    }
    this.#prompt = Array.from({ length: this.#here }, (_, at) => this.#cells[at]?.code ?? space)
  }

  /** The present line begins with the prompt, and that with something to see. */
  get atPrompt(): boolean {
    const same = this.#prompt.every((code, at) => (this.#cells[this.#origin + at]?.code ?? space) === code)
    return same && this.#prompt.some((code) => code !== space)
  }

  /** Around what was drawn last these characters stand in one run, with something in it that changed since then. */
  shows(run: readonly number[], since: number): boolean {
    // each may be wide, and at each margin a column may be empty; what was drawn may stand behind them, when an editor moves over what stays
    const reach = 2 * (2 * run.length + Math.ceil((2 * run.length) / this.#columns))
    for (let at = Math.max(0, this.#lastAt - reach); at <= this.#lastAt + 1; at++) {
      if (this.#cells[at]?.code === run[0] && this.#stands(run, at, since)) return true
    }
    return false
  }

  #stands(run: readonly number[], from: number, since: number): boolean {
    let [at, fresh] = [from, false]
    for (const code of run) {
      const width = widthOf(code)
      if (width === 0) continue
      if (width === 2 && at % this.#columns === this.#columns - 1) at++
      const cell = this.#cells[at]
      if (cell?.code !== code || cell.wiped) return false
      fresh ||= cell.changed > since
      at += width
    }
    return fresh
  }

  /** A new line begins on the row of the cursor. */
  restart(): void {
    this.#origin = this.#rowStart(this.#here)
  }

  /** Draws a character, or a control of `OutputText`, and says how it stood there. A line feed stood there when it only goes down within the line. */
  draw(code: number): Stood {
    const justDrawn = this.#last !== undefined
    this.#last = undefined
    if (code < 0x20) {
      const stood = code === newline ? this.#below() : undefined
      this.#control(code, justDrawn)
      return stood
    }
    const width = widthOf(code)
    if (width === 0) return undefined
    const fitting = this.#at.map((at) => this.#roomFor(at, width))
    const same = fitting.filter((at) => this.#cells[at]?.code === code)
    const [place = 0] = same.length > 0 ? same : fitting
    const stood = this.#cells[place]
    if (place === this.#origin) this.#resized = false
    const sure = same.some((at) => this.#cells[at]?.sure)
    if (stood?.code === code && !stood.wiped) this.#last = stood
    else this.#last = { code, sure: false, wiped: false, blanks: code === space && stood !== undefined, changed: ++this.#changes }
    this.#lastAt = place
    this.#cells[place] = this.#last
    if (width === 2) this.#cells[place + 1] = { ...this.#last, code: half }
    this.#at = (same.length > 0 ? same : [place]).map((at) => at + width)
    if (place > mostCells) this.#forget(place % this.#columns)
    return same.length === 0 ? undefined : sure ? 'sure' : 'drawn'
  }

  /** What was drawn last is what was typed. */
  echoed(): void {
    // spaces also wipe: where one stands, nothing may stand
    if (this.#last && this.#last.code !== space) this.#last.sure = true
  }

  /** A control sequence (ECMA-48 8.3) by its final character and first parameter, 0 when it has none. */
  move(final: string, parameter: number): void {
    const count = Math.max(1, parameter)
    this.#last = undefined
    if (final === 'A') this.#go((at) => Math.max(at % this.#columns, at - count * this.#columns))
    if (final === 'B') this.#go((at) => at + count * this.#columns)
    if (final === 'C') this.#go((at) => Math.min(this.#rowEnd(at) - 1, at + count))
    if (final === 'D') this.#go((at) => Math.max(this.#rowStart(at), at - count))
    if (final === 'G') this.#go((at) => Math.min(this.#rowEnd(at), this.#rowStart(at) + count) - 1)
    if (final === '@') this.#changeRow((rest) => [...this.#blank(count), ...rest])
    if (final === 'P') this.#changeRow((rest) => rest.slice(count))
    if (final === 'X') this.#changeRow((rest) => [...rest.slice(0, count).map(wiped), ...rest.slice(count)])
    if (final === 'K' && parameter === 0) this.#changeRow((rest) => rest.map(wiped))
    if (final === 'J' && parameter === 0) this.#cells = [...this.#cells.slice(0, this.#here), ...this.#cells.slice(this.#here).map(wiped)]
    const elsewhere = final === 'H' || final === 'f' || final === 'd' || ((final === 'J' || final === 'K') && parameter !== 0)
    if (elsewhere) this.#forget(0)
  }

  #control(code: number, justDrawn: boolean): void {
    if (code === backspace) this.#go((at) => Math.max(0, at - 1))
    if (code === tab) this.#go((at) => Math.min(this.#rowEnd(at) - 1, at + 8 - ((at % this.#columns) % 8)))
    if (code === newline) {
      this.#go((at) => at + this.#columns)
      if (this.#here > mostCells) this.#forget(this.#here % this.#columns)
    }
    if (code === carriageReturn) {
      const at = this.#here
      const places = [this.#rowStart(at)]
      // the cursor hangs at the margin, and goes on to the next row only with the next character
      if (justDrawn && at === places[0]) places.push(this.#rowStart(at - 1))
      if (this.#resized) places.push(this.#origin)
      this.#at = [...new Set(places)]
    }
  }

  #below(): Stood {
    const rest = this.#cells.slice(this.#rowEnd(this.#here)).filter((cell) => cell !== undefined)
    // a row that holds but the space with which an editor began it is part of the line, a row that was wiped is not
    const stands = (cell: Cell) => cell.sure || (cell.code === space && !cell.blanks && !cell.wiped)
    return rest.length === 0 ? undefined : rest.some(stands) ? 'sure' : 'drawn'
  }

  get #here(): number {
    return this.#at[0] ?? 0
  }

  #go(where: (at: number) => number): void {
    this.#at = [...new Set(this.#at.map(where))]
  }

  #changeRow(change: (rest: (Cell | undefined)[]) => (Cell | undefined)[]): void {
    const [from, to] = [this.#here, this.#rowEnd(this.#here)]
    const rest = change(this.#cells.slice(from, to))
    for (let at = from; at < to; at++) this.#cells[at] = rest[at - from]
  }

  #blank = (count: number): undefined[] => Array<undefined>(Math.min(count, this.#columns)).fill(undefined)

  #rowStart = (at: number): number => at - (at % this.#columns)
  #rowEnd = (at: number): number => this.#rowStart(at) + this.#columns

  /** A wide character that does not fit into the row begins the next one. */
  #roomFor(at: number, width: number): number {
    return at + width > this.#rowEnd(at) ? this.#rowEnd(at) : at
  }

  #forget(column: number): void {
    this.#cells = []
    this.#at = [column]
    this.#origin = 0
    this.#resized = false
  }
}
