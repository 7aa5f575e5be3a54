import xterm from '@xterm/headless'

type Terminal = InstanceType<typeof xterm.Terminal>

/** What is read off a terminal: what stood before a line was typed, and what was drawn until Enter. Raw output, both. */
export interface DrawnLine {
  columns: number
  rows: number
  prompt: Uint8Array
  echo: Uint8Array
}

/** One terminal serves all sessions, one line at a time, so that a session costs no screen of its own. */
let terminal: Terminal | undefined
let turn: Promise<unknown> = Promise.resolve()

/**
 * The command line as the person saw it when Enter was pressed, history, completion and all: what the cursor's line holds after
 * the prompt, with lines that the terminal wrapped joined. Undefined when the prompt is no longer what the line begins with.
 */
export function readScreenLine(line: DrawnLine): Promise<string | undefined> {
  const result = turn.then(() => draw(line))
  turn = result.catch(() => undefined)
  return result
}

async function draw({ columns, rows, prompt, echo }: DrawnLine): Promise<string | undefined> {
  terminal ??= new xterm.Terminal({ allowProposedApi: true, scrollback: 200 })
  const screen = terminal
  try {
    screen.resize(Math.max(2, Math.min(columns, 1000)), Math.max(2, Math.min(rows, 500)))
    await write(screen, prompt)
    const before = cursorLine(screen).upToCursor
    await write(screen, echo)
    const after = cursorLine(screen).whole
    return after.startsWith(before) ? after.slice(before.length).trim() : undefined
  } finally {
    // nothing of one session may be seen by the next
    screen.reset()
  }
}

const write = (screen: Terminal, bytes: Uint8Array): Promise<void> => new Promise((resolve) => screen.write(bytes, resolve))

function cursorLine(screen: Terminal): { whole: string; upToCursor: string } {
  const buffer = screen.buffer.active
  const row = buffer.baseY + buffer.cursorY
  let first = row
  while (first > 0 && buffer.getLine(first)?.isWrapped) first--
  let last = row
  while (buffer.getLine(last + 1)?.isWrapped) last++
  const text = (from: number, to: number, end?: number) => {
    let all = ''
    for (let y = from; y <= to; y++) all += buffer.getLine(y)?.translateToString(false, 0, y === to ? end : undefined) ?? ''
    return all
  }
  return { whole: text(first, last), upToCursor: text(first, row, buffer.cursorX) }
}
