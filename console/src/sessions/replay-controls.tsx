import { SegmentedControl, Switch } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { memo } from 'react'
import { clock } from '../words/duration.ts'
import styles from './replay-controls.module.css'
import { type Playback, speeds } from './use-playback.ts'

interface Props {
  playback: Playback
  duration: number
  commands: readonly { seconds: number }[]
}

const percent = (part: number, whole: number) => `${whole > 0 ? Math.min(100, (part / whole) * 100) : 0}%`

/** Drawn once, and not with each moment: a day has thousands. */
const Marks = memo(({ gaps, commands, duration }: Pick<Props, 'commands' | 'duration'> & Pick<Playback, 'gaps'>) => (
  <>
    {gaps.map(([from, to]) => (
      <span key={from} className={styles.gap} style={{ left: percent(from, duration), width: percent(to - from, duration) }} />
    ))}
    {commands.map(({ seconds }, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two commands may begin at the same moment
      <span key={i} className={styles.tick} style={{ left: percent(seconds, duration) }} />
    ))}
  </>
))

/** Play, position, speed, idle time. The bar shows the session's own time: hatched where nothing happened, a tick at each command. */
export function ReplayControls({ playback, duration, commands }: Props) {
  const { time, playing } = playback
  return (
    <div className={styles.controls}>
      <div className={styles.line}>
        <button type="button" className={styles.play} onClick={playback.toggle} aria-label={playing ? 'Pause' : 'Play'}>
          {playing ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
        </button>
        <div className={styles.bar}>
          <div className={styles.track} aria-hidden="true">
            <Marks gaps={playback.gaps} commands={commands} duration={duration} />
            <span className={styles.done} style={{ width: percent(time, duration) }} />
          </div>
          <input
            type="range"
            className={styles.range}
            aria-label="Position"
            aria-valuetext={`${clock(time)} of ${clock(duration)}`}
            min={0}
            max={duration}
            step={0.1}
            value={time}
            onChange={(event) => playback.seek(Number(event.currentTarget.value))}
          />
        </div>
        <span className={styles.time}>
          {clock(time)} <span className={styles.whole}>/ {clock(duration)}</span>
        </span>
      </div>
      <div className={styles.line}>
        <SegmentedControl
          className={styles.speeds}
          aria-label="Speed"
          size="xs"
          value={String(playback.speed)}
          onChange={(value) => playback.setSpeed(Number(value))}
          data={speeds.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
        />
        <Switch
          className={styles.skip}
          size="sm"
          label="Skip idle time"
          checked={playback.skipIdle}
          onChange={(event) => playback.setSkipIdle(event.currentTarget.checked)}
        />
      </div>
    </div>
  )
}
