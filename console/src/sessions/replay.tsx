import 'asciinema-player/dist/bundle/asciinema-player.css'
import { useEffect, useRef } from 'react'
import type { Cast } from './cast.ts'
import { CommandList } from './command-list.tsx'
import styles from './replay.module.css'
import { ReplayControls } from './replay-controls.tsx'
import { commandAt } from './timeline.ts'
import { usePlayback } from './use-playback.ts'
import { useReplayKeys } from './use-replay-keys.ts'

interface Props {
  cast: Cast
  commands: readonly { seconds: number; text: string }[]
  /** The second to begin at. */
  at?: number | undefined
}

/** The recorded screen, its controls, and the commands beside it. */
export function Replay({ cast, commands, at }: Props) {
  const screen = useRef<HTMLDivElement>(null)
  const playback = usePlayback(cast, screen)
  useReplayKeys(playback)
  const { seek } = playback
  useEffect(() => {
    if (at !== undefined) seek(at)
  }, [at, seek])
  return (
    <div className={styles.replay}>
      <section className={styles.stage} aria-label="Replay">
        <div
          ref={screen}
          className={styles.screen}
          data-begun={playback.begun || undefined}
          style={{ aspectRatio: `${cast.cols * 0.6} / ${cast.rows * 1.3333}` }}
        />
        <ReplayControls playback={playback} duration={cast.duration} commands={commands} />
      </section>
      <CommandList commands={commands} current={commandAt(commands, playback.time)} onOpen={playback.seek} following={playback.playing} />
    </div>
  )
}
