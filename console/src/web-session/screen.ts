import { web } from '@claviger/api'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import type { Line } from './open-line.ts'

/** A terminal on the page. What is typed before there is a line is not kept. */
export interface Screen {
  readonly size: { columns: number; rows: number }
  attach(line: Line): void
  /** Bytes from the target; `taken` when they are drawn. */
  show(bytes: Uint8Array, taken: () => void): void
  focus(): void
  dispose(): void
}

const light = {
  ...{ background: '#fffefb', foreground: '#1b2224', cursor: '#0b6660', cursorAccent: '#fffefb', selectionBackground: '#bcd9d3' },
  ...{ black: '#1b2224', red: '#a02f1c', green: '#2b6434', yellow: '#7d5205', blue: '#1f4f8f', magenta: '#7a2f7a', cyan: '#0b6660' },
  ...{ white: '#5d676b', brightBlack: '#5d676b', brightRed: '#822414', brightGreen: '#1d4a25', brightYellow: '#5e3d03' },
  ...{ brightBlue: '#163c6e', brightMagenta: '#5c225c', brightCyan: '#085049', brightWhite: '#1b2224' },
}
const dark = {
  ...{ background: '#080c0d', foreground: '#e8ebe8', cursor: '#58bfb1', cursorAccent: '#080c0d', selectionBackground: '#1f4a45' },
  ...{ black: '#2a3538', red: '#f2937e', green: '#86c992', yellow: '#e6b95c', blue: '#82b1ea', magenta: '#d59fd8', cyan: '#58bfb1' },
  ...{ white: '#b4bfbe', brightBlack: '#93a09f', brightRed: '#f7ab9a', brightGreen: '#a5dbae', brightYellow: '#f0cd84' },
  ...{ brightBlue: '#a6c8f2', brightMagenta: '#e4bfe6', brightCyan: '#74d0c3', brightWhite: '#ffffff' },
}

/** So many characters of a paste go in one message: each is three bytes at most. */
const pieceLength = Math.floor(web.longestTyped / 3)

/** Draws a terminal into `element`, as large as that is. `leave` when somebody wants out of it by keyboard (F6). */
export function openScreen(element: HTMLElement, { readAloud, leave }: { readAloud: boolean; leave(): void }): Screen {
  const root = document.documentElement
  const theme = () => (root.dataset.mantineColorScheme === 'dark' ? dark : light)
  const style = getComputedStyle(root)
  const terminal = new Terminal({
    theme: theme(),
    fontFamily: style.getPropertyValue('--mono'),
    fontSize: 14,
    // at 1 the underscore falls off in some fonts
    lineHeight: 1.15,
    scrollback: 5000,
    screenReaderMode: readAloud,
    minimumContrastRatio: 4.5,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(element)
  terminal.textarea?.setAttribute('aria-label', 'Terminal')
  fit.fit()
  let line: Line | undefined
  const encoder = new TextEncoder()

  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true
    if (event.key === 'F6') {
      event.preventDefault()
      leave()
      return false
    }
    // Ctrl-C is the target's; with Shift it copies, as in other terminals
    if (event.ctrlKey && event.shiftKey && event.code === 'KeyC' && terminal.hasSelection()) {
      event.preventDefault()
      void navigator.clipboard?.writeText(terminal.getSelection())
      return false
    }
    // the browser pastes by itself, and xterm hears of it
    return !(event.ctrlKey && event.shiftKey && event.code === 'KeyV')
  })
  terminal.onData((text) => {
    for (let at = 0; at < text.length; at += pieceLength) line?.send(encoder.encode(text.slice(at, at + pieceLength)))
  })
  terminal.onBinary((text) => line?.send(Uint8Array.from(text, (c) => c.charCodeAt(0))))
  terminal.onResize(({ cols, rows }) => line?.say({ kind: 'resize', columns: cols, rows } satisfies web.TerminalSays))
  const resizing = new ResizeObserver(() => fit.fit())
  resizing.observe(element)
  const theming = new MutationObserver(() => {
    terminal.options.theme = theme()
  })
  theming.observe(root, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
  return {
    get size() {
      return { columns: terminal.cols, rows: terminal.rows }
    },
    attach(to) {
      line = to
    },
    show: (bytes, taken) => terminal.write(bytes, taken),
    focus: () => terminal.focus(),
    dispose() {
      resizing.disconnect()
      theming.disconnect()
      terminal.dispose()
    },
  }
}
