import 'asciinema-player/dist/bundle/asciinema-player.css'
import type { replay } from '@claviger/api'
import { useCallback, useRef } from 'react'
import { replayPart } from '../data/session.ts'
import { Failure } from '../ui/failure.tsx'
import { CommandList } from './command-list.tsx'
import styles from './replay.module.css'
import { ReplayControls } from './replay-controls.tsx'
import { commandAt } from './timeline.ts'
import { usePlayback } from './use-playback.ts'
import { useReplayKeys } from './use-replay-keys.ts'

interface Props {
  session: string
  opened: replay.OpenReplay
  /** The second to begin at. */
  at?: number | undefined
  /** Opens the recording once more. */
  again: () => void
}

/** The recorded screen, its controls, and the commands beside it. */
export function Replay({ session, opened, at, again }: Props) {
  const screen = useRef<HTMLDivElement>(null)
  const fetchPart = useCallback((n: number) => replayPart(session, opened.replay, n), [session, opened.replay])
  const playback = usePlayback(opened, fetchPart, screen, at)
  useReplayKeys(playback)
  const { commands, columns, rows } = opened
  return (
    <div className={styles.replay}>
      <section className={styles.stage} aria-label="Replay" aria-busy={playback.waiting}>
        <div className={styles.picture}>
          <div
            ref={screen}
            className={styles.screen}
            data-begun={playback.begun || undefined}
            style={{ aspectRatio: `${columns * 0.6} / ${rows * 1.3333}` }}
          />
          {!playback.begun && !playback.trouble && (
            // the button below says the same to who does not see this one
            <button type="button" className={styles.start} tabIndex={-1} aria-hidden="true" onClick={playback.toggle} />
          )}
          {playback.trouble !== undefined && (
            <div className={styles.trouble}>
              <Failure error={playback.trouble} retry={again} />
            </div>
          )}
        </div>
        <ReplayControls playback={playback} duration={opened.seconds} commands={commands} />
      </section>
      <CommandList
        commands={commands}
        more={opened.moreCommands}
        current={commandAt(commands, playback.time)}
        onOpen={playback.seek}
        following={playback.playing}
      />
    </div>
  )
}
