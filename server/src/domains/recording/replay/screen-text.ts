import type { IBufferCell, Terminal } from '@xterm/headless'

/** What a terminal knows and its public face does not tell. It is asked for with doubts: a newer version may have it elsewhere. */
interface Inside {
  buffer?: Held
  coreService?: { isCursorHidden?: boolean }
  _bufferService?: { buffers?: { normal?: Held } }
  _charsetService?: { glevel?: number; charset?: unknown; _charsets?: unknown[] }
  _inputHandler?: { _curAttrData?: Looks }
}
interface Held {
  scrollTop?: number
  scrollBottom?: number
  savedX?: number
  savedY?: number
  ybase?: number
  savedCurAttrData?: Looks
  savedCharset?: unknown
}
type Looks = Pick<
  IBufferCell,
  | 'isBold'
  | 'isDim'
  | 'isItalic'
  | 'isUnderline'
  | 'isBlink'
  | 'isInverse'
  | 'isInvisible'
  | 'isStrikethrough'
  | 'isFgDefault'
  | 'isFgRGB'
  | 'isBgDefault'
  | 'isBgRGB'
  | 'getFgColor'
  | 'getBgColor'
>

/**
 * The state of a terminal as output that brings a fresh one of its size there: both screens, colours, cursor, margins and modes. What nobody sees (a
 * title, a link's address, tab stops) is left out. Rows are placed one by one, so that it does not matter how another terminal wraps lines.
 */
export function screenText(terminal: Terminal): string {
  const inside = (terminal as unknown as { _core?: Inside })._core ?? {}
  const { modes, buffer, rows } = terminal
  const alternate = buffer.active.type === 'alternate'
  const out: string[] = [rowsOf(terminal, 'normal')]
  if (alternate) out.push(leaving(terminal, inside._bufferService?.buffers?.normal), rowsOf(terminal, 'alternate'))
  const { scrollTop = 0, scrollBottom = rows - 1 } = inside.buffer ?? {}
  out.push(savedCursor(inside.buffer))
  if (scrollTop !== 0 || scrollBottom !== rows - 1) out.push(`\x1b[${scrollTop + 1};${scrollBottom + 1}r`)
  out.push(cursor(terminal, modes.originMode ? scrollTop : 0, modes.originMode))
  out.push(looks(inside._inputHandler?._curAttrData))
  const { glevel = 0, charset, _charsets: sets = [] } = inside._charsetService ?? {}
  if (glevel === 0 ? charset : sets[0]) out.push('\x1b(0')
  if (glevel === 1 ? charset : sets[1]) out.push('\x1b)0')
  if (glevel === 1) out.push('\x0e')
  if (modes.insertMode) out.push('\x1b[4h')
  if (!modes.wraparoundMode) out.push('\x1b[?7l')
  if (modes.applicationCursorKeysMode) out.push('\x1b[?1h')
  if (inside.coreService?.isCursorHidden) out.push('\x1b[?25l')
  return out.join('')
}

/** Where a later "restore cursor" leads, and how it writes there. */
function savedCursor({ savedX = 0, savedY = 0, ybase = 0, savedCurAttrData, savedCharset }: Held = {}): string {
  const y = Math.max(0, savedY - ybase)
  const style = looks(savedCurAttrData)
  if (savedX === 0 && y === 0 && style === plain && !savedCharset) return ''
  return `\x1b[${y + 1};${savedX + 1}H${style}${savedCharset ? '\x1b(0\x1b7\x1b(B' : '\x1b7'}`
}

/** To the other screen, from where the cursor stood and as it wrote: that is where it comes back. */
function leaving({ buffer: { normal } }: Terminal, { savedCurAttrData, savedCharset }: Held = {}): string {
  const back = `\x1b[${normal.cursorY + 1};${normal.cursorX + 1}H${looks(savedCurAttrData)}`
  return savedCharset ? `${back}\x1b(0\x1b[?1049h\x1b(B\x1b[m\x1b[2J` : `${back}\x1b[?1049h\x1b[m\x1b[2J`
}

function rowsOf({ buffer, rows, cols }: Terminal, which: 'normal' | 'alternate'): string {
  const screen = buffer[which]
  const out: string[] = []
  for (let y = 0; y < rows; y++) {
    const text = rowOf(screen.getLine(screen.baseY + y), cols)
    if (text) out.push(`\x1b[${y + 1};1H${text}`)
  }
  return out.join('')
}

type Line = ReturnType<Terminal['buffer']['active']['getLine']>

function rowOf(line: Line, cols: number): string {
  let out = ''
  let blanks = 0
  let before = ''
  for (let x = 0; line && x < cols; x++) {
    const cell = line.getCell(x)
    if (!cell || cell.getWidth() === 0) continue
    const style = looks(cell)
    const chars = cell.getChars()
    if (chars === '' && style === plain) {
      blanks += 1
      continue
    }
    if (blanks > 0) out += `\x1b[${blanks}C`
    blanks = 0
    out += (style === before ? '' : style) + (chars || ' ')
    before = style
  }
  return out === '' || before === plain ? out : `${out}${plain}`
}

/** To where the cursor stands. Behind the last column, where the next character wraps, it comes by writing that column again. */
function cursor({ buffer, cols }: Terminal, top: number, origin: boolean): string {
  const { cursorX, cursorY, baseY } = buffer.active
  const to = (x: number) => `${origin ? '\x1b[?6h' : ''}\x1b[${cursorY - top + 1};${x + 1}H`
  if (cursorX < cols) return to(cursorX)
  const line = buffer.active.getLine(baseY + cursorY)
  const last = line?.getCell(cols - 1)
  const wide = last?.getWidth() === 0
  const cell = wide ? line?.getCell(cols - 2) : last
  return `${to(wide ? cols - 2 : cols - 1)}${looks(cell)}${cell?.getChars() || ' '}`
}

const plain = '\x1b[0m'

/** How something looks, from nothing: `ESC [ 0 ; … m`. */
function looks(of: Looks | undefined): string {
  if (!of) return plain
  const on = [
    of.isBold(),
    of.isDim(),
    of.isItalic(),
    of.isUnderline(),
    of.isBlink(),
    0,
    of.isInverse(),
    of.isInvisible(),
    of.isStrikethrough(),
  ]
  const codes = on.flatMap((is, at) => (is ? [at + 1] : []))
  if (!of.isFgDefault()) codes.push(...colour(38, of.isFgRGB(), of.getFgColor()))
  if (!of.isBgDefault()) codes.push(...colour(48, of.isBgRGB(), of.getBgColor()))
  return codes.length === 0 ? plain : `\x1b[0;${codes.join(';')}m`
}

const colour = (layer: 38 | 48, rgb: boolean, value: number): number[] =>
  rgb ? [layer, 2, (value >> 16) & 255, (value >> 8) & 255, value & 255] : [layer, 5, value]
