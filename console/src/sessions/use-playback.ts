import { create, type Player } from 'asciinema-player'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Cast } from './cast.ts'
import { timeline } from './timeline.ts'

export const speeds = [0.5, 1, 2, 4, 8] as const

export interface Playback {
  /** Seconds of the session, whatever is skipped. */
  time: number
  playing: boolean
  /** Played or moved: from then on the screen is what was there at `time`, before it is a picture to recognise the session by. */
  begun: boolean
  speed: number
  skipIdle: boolean
  gaps: readonly (readonly [number, number])[]
  toggle(): void
  seek(seconds: number): void
  setSpeed(speed: number): void
  setSkipIdle(skip: boolean): void
}

/**
 * Plays a recording into an element. The player knows speed only from its making, so a change makes a new one at the same place.
 * Idle time is skipped by our own mapping, so that bar, commands and player agree on the session's time.
 */
export function usePlayback(cast: Cast, screen: React.RefObject<HTMLDivElement | null>): Playback {
  const [time, setTime] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [skipIdle, setSkipIdle] = useState(true)
  const line = useMemo(
    () =>
      timeline(
        cast.events.map(([at]) => at),
        skipIdle,
      ),
    [cast, skipIdle],
  )
  const player = useRef<Player>(undefined)
  const [begun, setBegun] = useState(false)
  const kept = useRef({ time: 0, playing: false })

  useEffect(() => {
    const element = screen.current
    if (!element || cast.events.length === 0) return
    const data = [
      { version: 2, width: cast.cols, height: cast.rows },
      ...cast.events.map(([at, kind, text]) => [line.toReplay(at), kind, text]),
    ]
    const made = create({ data }, element, {
      controls: false,
      speed,
      fit: 'both',
      cursorMode: 'steady',
      theme: 'asciinema',
      terminalFontFamily: 'var(--mono)',
      preload: true,
      // a jump from a poster would draw only what came after it: the first jump or play makes a player without
      ...(!begun && { poster: `npt:${line.length / 2}` }),
    })
    player.current = made
    const noted = (on: boolean) => () => {
      // one that was replaced may still say that it stopped
      if (player.current !== made) return
      kept.current.playing = on
      setPlaying(on)
      if (on) setBegun(true)
    }
    made.addEventListener('playing', noted(true))
    made.addEventListener('pause', noted(false))
    made.addEventListener('ended', noted(false))
    const { time: from, playing: on } = kept.current
    if (begun) void made.seek(line.toReplay(from))
    if (on) void made.play()
    const clock = setInterval(() => {
      if (!kept.current.playing) return
      kept.current.time = line.toSession(made.getCurrentTime())
      setTime(kept.current.time)
    }, 100)
    return () => {
      clearInterval(clock)
      player.current = undefined
      made.dispose()
    }
  }, [cast, line, speed, begun, screen])

  const seek = useCallback(
    (seconds: number) => {
      const to = Math.min(cast.duration, Math.max(0, seconds))
      kept.current.time = to
      setTime(to)
      setBegun(true)
      void player.current?.seek(line.toReplay(to))
    },
    [cast, line],
  )
  const toggle = useCallback(() => {
    if (kept.current.playing) return void player.current?.pause()
    if (kept.current.time >= cast.duration - 0.05) seek(0)
    void player.current?.play()
  }, [cast, seek])

  return { time, playing, begun, speed, skipIdle, gaps: line.gaps, toggle, seek, setSpeed, setSkipIdle }
}
