import 'asciinema-player/dist/bundle/asciinema-player.css'
import type { live } from '@claviger/api'
import { create, type Source } from 'asciinema-player'
import { useEffect, useRef } from 'react'
import styles from './replay.module.css'

type Dispatch = (event: string, data?: unknown) => void
type Size = { cols: number; rows: number }

/** Where events of a session that is watched go: `show` may be called before there is a screen. */
export interface Feed {
  onEvent: ((event: live.LiveEvent) => void) | undefined
  /** What came before anybody listened. */
  readonly early: live.LiveEvent[]
}

/** The terminal of a running session, drawn as it comes. */
export function LiveScreen({ feed, size, rawLines }: { feed: Feed; size: Size; rawLines: boolean }) {
  const screen = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = screen.current
    if (!element) return
    const text = (shown: string) => (rawLines ? shown.replace(/(?<!\r)\n/g, '\r\n') : shown)
    // the player takes a function as its source, though its types do not say so
    const source = ({ dispatch }: { dispatch: Dispatch }) => ({
      play() {
        const show = (event: live.LiveEvent) => {
          if (event.kind === 'output') dispatch('output', text(event.text))
          if (event.kind === 'resize') dispatch('resize', { cols: event.columns, rows: event.rows })
        }
        dispatch('reset', { size, init: '', theme: null })
        dispatch('play')
        dispatch('playing')
        feed.onEvent = show
        for (const event of feed.early.splice(0)) show(event)
      },
      stop() {
        feed.onEvent = undefined
      },
    })
    const player = create(source as unknown as Source, element, {
      ...size,
      ...{ autoPlay: true, controls: false, fit: 'both', cursorMode: 'steady', theme: 'asciinema', terminalFontFamily: 'var(--mono)' },
    })
    return () => {
      feed.onEvent = undefined
      player.dispose()
    }
  }, [feed, size, rawLines])
  return <div ref={screen} className={styles.screen} data-begun style={{ aspectRatio: `${size.cols * 0.6} / ${size.rows * 1.3333}` }} />
}
