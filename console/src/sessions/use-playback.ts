import type { replay } from '@claviger/api'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Parts } from './parts.ts'
import { type PlayerState, ReplayPlayer } from './replay-player.ts'
import { replayStage } from './replay-stage.ts'
import { timelineOf } from './timeline.ts'

export const speeds = [0.5, 1, 2, 4, 8] as const

export interface Playback extends PlayerState {
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

const still: PlayerState = { time: 0, playing: false, waiting: false, trouble: undefined }

/** Plays a recording that was opened into an element, fetching its parts as they are needed. `at`: the second to begin at. */
export function usePlayback(
  opened: replay.OpenReplay,
  fetchPart: (n: number) => Promise<replay.ReplayPart>,
  screen: React.RefObject<HTMLDivElement | null>,
  at: number | undefined,
): Playback {
  const [state, setState] = useState(still)
  const [begun, setBegun] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [skipIdle, setSkipIdle] = useState(true)
  const line = useMemo(() => timelineOf(opened.gaps, opened.seconds, skipIdle), [opened, skipIdle])
  const player = useRef<ReplayPlayer>(undefined)
  const how = useRef({ line, speed, at })
  how.current = { line, speed, at }

  useEffect(() => {
    const element = screen.current
    if (!element) return
    const size = { cols: opened.columns, rows: opened.rows }
    const leave = replayStage(element, size, (stage) => {
      const { line, speed, at } = how.current
      let told = { state: still, at: 0 }
      const changed = (state: PlayerState) => {
        const { playing, waiting, trouble } = told.state
        const onlyTime = playing && state.playing && waiting === state.waiting && trouble === state.trouble
        // the clock beside the screen needs no more than this
        if (onlyTime && performance.now() - told.at < 80) return
        told = { state, at: performance.now() }
        setState(state)
      }
      const of = { stage, size, parts: new Parts(fetchPart), starts: opened.parts, duration: opened.seconds, changed }
      const made = new ReplayPlayer(of, line)
      made.speed = speed
      player.current = made
      if (at === undefined) void made.show(line.toSession(line.length / 2))
      else void made.seek(at).then(() => setBegun(true))
    })
    let before = performance.now()
    let frame = requestAnimationFrame(function tick(now) {
      // a page that was away goes on where it was
      player.current?.passed(Math.min(250, Math.max(0, now - before)) / 1000)
      before = now
      frame = requestAnimationFrame(tick)
    })
    return () => {
      cancelAnimationFrame(frame)
      player.current = undefined
      leave()
    }
  }, [opened, fetchPart, screen])

  useEffect(() => {
    if (player.current) Object.assign(player.current, { line, speed })
  }, [line, speed])

  const seek = useCallback((seconds: number) => void player.current?.seek(seconds).then(() => setBegun(true)), [])
  const toggle = useCallback(() => {
    if (player.current?.state.playing) return player.current.pause()
    void player.current?.play().then(() => setBegun(true))
  }, [])
  // a link to another second of the same recording
  useEffect(() => {
    if (at !== undefined) seek(at)
  }, [at, seek])

  return { ...state, begun, speed, skipIdle, gaps: line.gaps, toggle, seek, setSpeed, setSkipIdle }
}
