import { create, type Source } from 'asciinema-player'
import type { Stage } from './replay-player.ts'

type Dispatch = (event: string, data?: unknown) => void

/** The player's screen without its clock: what is drawn, and when, is told from outside. `ready` comes once it can be told. */
export function replayStage(element: HTMLElement, size: { cols: number; rows: number }, ready: (stage: Stage) => void): () => void {
  let over = false
  // the player takes a function as its source, though its types do not say so
  const source = ({ dispatch }: { dispatch: Dispatch }) => ({
    play() {
      dispatch('reset', { size, init: '', theme: null })
      dispatch('play')
      dispatch('playing')
      if (over) return
      ready({
        reset: (to, text) => dispatch('reset', { size: to, init: text, theme: null }),
        output: (texts) => texts.length > 0 && dispatch('output', texts.join('')),
        resize: (to) => dispatch('resize', to),
      })
    },
    stop() {
      over = true
    },
  })
  const player = create(source as unknown as Source, element, {
    ...size,
    ...{ autoPlay: true, controls: false, fit: 'both', cursorMode: 'steady', theme: 'asciinema', terminalFontFamily: 'var(--mono)' },
  })
  return () => {
    over = true
    player.dispose()
  }
}
