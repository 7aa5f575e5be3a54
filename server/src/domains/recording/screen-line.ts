import xterm from '@xterm/headless'
import { widthOf } from './character-width.ts'
import type { Drawing, Size } from './typed-line.ts'

type Terminal = InstanceType<typeof xterm.Terminal>
type Row = NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>

/** One terminal serves all sessions, one line at a time, so that a session costs no screen of its own. */
let terminal: Terminal | undefined
let turn: Promise<unknown> = Promise.resolve()

/**
 * The command line as the person saw it when Enter was pressed, history, completion and all: what the cursor's line holds after
 * the prompt, with lines that the terminal wrapped joined. Undefined when the prompt is no longer what the line begins with.
 */
export function readScreenLine(line: Drawing): Promise<string | undefined> {
  const result = turn.then(() => draw(line))
  turn = result.catch(() => undefined)
  return result
}

async function draw({ size, typed, prompt, echo }: Drawing): Promise<string | undefined> {
  terminal ??= newTerminal()
  const screen = terminal
  try {
    resize(screen, size)
    await write(screen, prompt)
    const before = readRows(screen, typed).beforeCursor
    for (const part of echo) {
      if (part instanceof Uint8Array) await write(screen, part)
      else resize(screen, part)
    }
    const { text, starts } = readRows(screen, typed)
    const begins = starts.filter((at) => text.startsWith(before, at))
    // after a resize the line is drawn once more wherever the cursor was; else a row that another one flows into begins no line
    const resized = echo.some((part) => !(part instanceof Uint8Array))
    const from = (resized ? undefined : begins.findLast((at) => at === 0 || text[at - 1] === '\n')) ?? begins.at(-1)
    return from === undefined ? undefined : text.slice(from + before.length).trim()
  } finally {
    // nothing of one session may be seen by the next
    screen.reset()
  }
}

const resize = (screen: Terminal, { columns, rows }: Size): void =>
  screen.resize(Math.max(2, Math.min(columns, 1000)), Math.max(2, Math.min(rows, 500)))

const write = (screen: Terminal, bytes: Uint8Array): Promise<void> => new Promise((resolve) => screen.write(bytes, resolve))

/** A terminal that breaks rows where shells think that it does: with the widths of today's characters. */
function newTerminal(): Terminal {
  const screen = new xterm.Terminal({ allowProposedApi: true, scrollback: 200 })
  const wcwidth = widthOf
  // as xterm packs it: the width from bit 1 on, and in bit 0 whether it joins the character before
  const charProperties = (code: number, before: number): number => {
    const width = widthOf(code)
    const joined = width === 0 ? (before >> 1) & 3 : 0
    return joined > 0 ? (joined << 1) | 1 : width << 1
  }
  screen.unicode.register({ version: 'claviger', wcwidth, charProperties })
  screen.unicode.activeVersion = 'claviger'
  return screen
}

/** What is on the screen down to the cursor's line, rows that flow into the next joined with it; and where in that text each row begins. */
function readRows(screen: Terminal, typed: string): { text: string; beforeCursor: string; starts: number[] } {
  const buffer = screen.buffer.active
  const cursor = buffer.baseY + buffer.cursorY
  let [text, beforeCursor] = ['', '']
  const starts: number[] = []
  for (let y = 0; y < buffer.length; y++) {
    const row = buffer.getLine(y)
    if (!row) break
    starts.push(text.length)
    if (y === cursor) beforeCursor = text + row.translateToString(false, 0, buffer.cursorX)
    const last = row.length - 1
    const next = buffer.getLine(y + 1)
    // where a wide character did not fit, the last column holds nothing, or a space that nobody typed
    let gap = isWide(next?.getCell(0)) && isBlank(row.getCell(last)) && !isEmpty(row.getCell(last - 1))
    const inside = text + row.translateToString(false, 0, last)
    if (gap && typed.includes(`${inside.slice(-4)} ${next?.translateToString(true, 0, 8).slice(0, 4)}`)) gap = false
    text = gap ? inside : text + row.translateToString(true)
    // a row that is full goes on in the next; what the terminal remembers of that is lost when an editor draws rows again
    if (gap || !isEmpty(row.getCell(last))) continue
    if (y >= cursor) break
    text += '\n'
  }
  return { text, beforeCursor, starts }
}

type Cell = ReturnType<Row['getCell']>
const isWide = (cell: Cell): boolean => cell?.getWidth() === 2
/** The right half of a wide character has no text of its own either, but no width. */
const isEmpty = (cell: Cell): boolean => cell?.getChars() === '' && cell.getWidth() !== 0
const isBlank = (cell: Cell): boolean => isEmpty(cell) || cell?.getChars() === ' '
