import type { SteadyClock } from '../../kernel/steady-clock.ts'
import type { KeeperFolder } from './folder.ts'

const file = 'clock'
const everyMs = 10_000

/**
 * Keeps what time it certainly is over the end of this process, so that a wall clock that is set back meanwhile makes nothing last longer.
 * Throws when what was kept cannot be read: guessing would be what somebody hoped for.
 */
export function keepTime(folder: KeeperFolder, clock: SteadyClock, log: (line: string) => void): { stop(): void } {
  const kept = folder.read(file)?.toString('utf8').trim()
  if (kept !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(kept))
    throw new Error(
      `${folder.path(file)} does not hold a time, so nobody knows whether this machine's clock was set back. Compare the clock with another one; when it is right, remove that file and start again.`,
    )
  clock.raise(kept === undefined ? clock.now() : new Date(kept))
  const behind = Math.round(clock.behindMs() / 1000)
  if (behind > 5)
    log(
      `ALARM: the clock of this machine is ${behind} s behind the time at which the keeper last ran. Until it is set right, everything is judged by the later one`,
    )
  const keep = (): void => {
    try {
      const time = clock.believed()
      if (time) folder.write(file, `${time.toISOString()}\n`)
    } catch (error) {
      log(`the time could not be kept (${String(error)}); is the disk full?`)
    }
  }
  keep()
  const timer = setInterval(keep, everyMs)
  timer.unref()
  return {
    stop() {
      clearInterval(timer)
      keep()
    },
  }
}
