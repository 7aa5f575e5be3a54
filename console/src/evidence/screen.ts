import { type IBufferCell, Terminal } from '@xterm/headless'
import type { ScreenEvent } from './content.ts'
import { element } from './element.ts'

const base = ['#1d2528', '#e06c5a', '#7fb685', '#d9b15f', '#6fa3d8', '#b48ead', '#5fb3a8', '#d8dee0']
const bright = ['#5c686c', '#f2937e', '#9ed3a4', '#f0cd84', '#93bfee', '#cfaed0', '#84d2c6', '#ffffff']
const levels = [0, 95, 135, 175, 215, 255]

/** Of the 256 colours; the first 16 are this page's own. */
function palette(n: number): string {
  const own = n < 8 ? base[n] : bright[n - 8]
  if (n < 16 && own) return own
  if (n > 231)
    return `rgb(${Array(3)
      .fill(8 + (n - 232) * 10)
      .join(',')})`
  const at = n - 16
  return `rgb(${[Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => levels[level]).join(',')})`
}

const colour = (rgb: boolean, indexed: boolean, value: number): string => {
  if (rgb) return `#${value.toString(16).padStart(6, '0')}`
  return indexed ? palette(value) : ''
}

/** How a cell looks, as far as it looks different from plain text. */
function styleOf(cell: IBufferCell): { classes: string; front: string; back: string } {
  const classes = [
    cell.isBold() && 'b',
    cell.isDim() && 'd',
    cell.isItalic() && 'i',
    cell.isUnderline() && 'u',
    cell.isStrikethrough() && 's',
  ]
  let front = colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor())
  let back = colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor())
  if (cell.isInverse()) [front, back] = [back || 'var(--screen)', front || 'var(--screen-ink)']
  if (cell.isInvisible()) front = back || 'var(--screen)'
  return { classes: classes.filter(Boolean).join(' '), front, back }
}

/**
 * The screen as it was at a moment. A headless terminal reads what was shown; from its cells, text and a few styles are drawn. What a recording tells a
 * terminal beyond that (titles, links, the clipboard, answers) goes nowhere.
 */
export class Screen {
  readonly element = element('div', { class: 'screen', role: 'img', 'aria-label': 'The recorded screen' })
  readonly #events: readonly ScreenEvent[]
  readonly #size: { columns: number; rows: number }
  readonly #rawLines: boolean
  #terminal: Terminal
  #next = 0
  #work: Promise<void> = Promise.resolve()

  constructor(events: readonly ScreenEvent[], size: { columns: number; rows: number }, rawLines: boolean) {
    this.#events = events
    this.#size = size
    this.#rawLines = rawLines
    this.#terminal = this.#fresh()
  }

  #fresh(): Terminal {
    const { columns, rows } = this.#size
    return new Terminal({ cols: bounded(columns), rows: bounded(rows), scrollback: 0, allowProposedApi: true, convertEol: this.#rawLines })
  }

  /** Shows what stood there at `seconds`; one call after the other. */
  show(seconds: number): Promise<void> {
    this.#work = this.#work.then(() => this.#to(seconds))
    return this.#work
  }

  async #to(seconds: number): Promise<void> {
    const before = this.#events[this.#next - 1]
    let drawn = this.element.childElementCount > 0
    if (before && before.seconds > seconds) {
      drawn = false
      this.#terminal.dispose()
      this.#terminal = this.#fresh()
      this.#next = 0
    }
    const from = this.#next
    for (let event = this.#events[this.#next]; event && event.seconds <= seconds; event = this.#events[++this.#next]) {
      if ('bytes' in event) this.#terminal.write(event.bytes)
      else {
        // what was written before it belongs onto the screen of before
        await this.#written()
        this.#terminal.resize(bounded(event.columns), bounded(event.rows))
      }
      if (this.#next % 2_000 === 1_999) await this.#written()
    }
    if (this.#next === from && drawn) return
    await this.#written()
    this.#draw()
  }

  #written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve))
  }

  #draw(): void {
    const { rows, cols, buffer } = this.#terminal
    const { baseY, cursorX, cursorY } = buffer.active
    const cell = buffer.active.getNullCell()
    const lines = Array.from({ length: rows }, (_, y) => {
      const line = buffer.active.getLine(baseY + y)
      const row = element('div', { class: 'row' })
      let run: { key: string; span: HTMLSpanElement; text: string } | undefined
      const end = () => run && row.append(Object.assign(run.span, { textContent: run.text }))
      for (let x = 0; x < cols; x++) {
        const here = line?.getCell(x, cell)
        if (!here || here.getWidth() === 0) continue
        const { classes, front, back } = styleOf(here)
        const all = [classes, x === cursorX && y === cursorY && 'cursor', here.getWidth() === 2 && 'wide'].filter(Boolean).join(' ')
        const key = `${all}|${front}|${back}|${here.getWidth() === 2 ? x : ''}`
        if (run?.key !== key) {
          end()
          const span = element('span', all ? { class: all } : {})
          // by the object model and not by an attribute: the policy of the page forbids styles in attributes
          span.style.color = front
          span.style.backgroundColor = back
          run = { key, span, text: '' }
        }
        run.text += here.getChars() || ' '
      }
      end()
      return row
    })
    this.element.replaceChildren(...lines)
    this.element.style.setProperty('--columns', String(cols))
  }
}

const bounded = (size: number): number => Math.min(1000, Math.max(2, Math.floor(size) || 2))
